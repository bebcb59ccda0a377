import type { BeginAttempt, LeaseBegun, LeasedAttempts } from '../grants/leased-attempts.ts';
import { UNSETTLED, type AttemptTable } from './attempt-table.ts';

/** Clocks of Lambda's hosts may differ by so much: a lease ends later than its process. */
const CLOCK_SKEW_MS = 5_000;

/** Takes the lease by a conditional write; who does not get it looks who has it. */
export async function beginAttempt(
  { attemptId, cause, leaseMs, asksNobody }: BeginAttempt,
  table: AttemptTable,
): Promise<LeaseBegun> {
  const nowMs = table.nowMs();
  const { correlationId, causationId } = cause;
  const taken = await table.changeLease({
    set: { attemptId, leaseUntil: leaseEnd(nowMs, leaseMs), correlationId, causationId },
    remove: ['grantType', 'baseVersion', 'baseAttemptId', 'settledBy'],
    // Its own lease, too: the answer to the first try may have got lost.
    condition:
      '(attribute_not_exists(attemptId) OR attemptId = :me)' +
      (asksNobody ? '' : ' AND (attribute_not_exists(restUntil) OR restUntil <= :now)'),
    values: { ':me': attemptId, ...(asksNobody ? {} : { ':now': nowMs }) },
  });
  if (taken !== undefined) return { kind: 'begun', standing: taken.standing };

  const { open, rest } = (await table.lease()).standing;
  if (open !== undefined) {
    return open.lives ? { kind: 'in-progress' } : { kind: 'left-behind', attempt: open.attempt };
  }
  // Without a rest: its holder has finished between our two looks.
  return rest === undefined ? { kind: 'in-progress' } : { kind: 'resting', ...rest };
}

/** Makes the lease of a dead process the caller's, who settles its attempt under its own name. */
export function takeOverOf(table: AttemptTable): LeasedAttempts['takeOver'] {
  return async (dead, { attemptId: settledBy, leaseMs }) => {
    const nowMs = table.nowMs();
    const taken = await table.changeLease({
      set: { settledBy, leaseUntil: leaseEnd(nowMs, leaseMs) },
      // Its own, too: the answer to the first try may have got lost.
      condition: 'attemptId = :dead AND (leaseUntil <= :now OR settledBy = :me)',
      values: { ':dead': dead.attemptId, ':now': nowMs, ':me': settledBy },
    });
    return taken !== undefined;
  };
}

export function leaveOf(table: AttemptTable): LeasedAttempts['leave'] {
  return async (attemptId, by) => {
    await table.changeLease({
      set: { leaseUntil: table.nowMs() },
      condition: `attemptId = :left AND ${by === undefined ? UNSETTLED : 'settledBy = :me'}`,
      values: { ':left': attemptId, ...(by !== undefined && { ':me': by }) },
    });
  };
}

function leaseEnd(nowMs: number, leaseMs: number): number {
  return nowMs + leaseMs + CLOCK_SKEW_MS;
}
