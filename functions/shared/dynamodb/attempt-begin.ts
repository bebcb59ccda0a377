import type { BeginAttempt, LeaseBegun } from '../grants/leased-attempts.ts';
import type { AttemptTable } from './attempt-table.ts';

/** Clocks of Lambda's hosts may differ by so much: a lease ends later than its process. */
const CLOCK_SKEW_MS = 5_000;

/** Takes the lease by a conditional write; who does not get it looks who has it. */
export async function beginAttempt(
  { attemptId, cause, leaseMs }: BeginAttempt,
  table: AttemptTable,
): Promise<LeaseBegun> {
  const nowMs = table.nowMs();
  const { correlationId, causationId } = cause;
  const leaseUntil = nowMs + leaseMs + CLOCK_SKEW_MS;
  const taken = await table.changeLease({
    set: { attemptId, leaseUntil, correlationId, causationId },
    remove: ['grantType', 'baseVersion'],
    // Its own lease, too: the answer to the first try may have got lost.
    condition:
      '(attribute_not_exists(attemptId) OR attemptId = :me) AND ' +
      '(attribute_not_exists(restUntil) OR restUntil <= :now)',
    values: { ':me': attemptId, ':now': nowMs },
  });
  if (taken !== undefined) return { kind: 'begun', standing: taken.standing };

  const { open, rest } = (await table.lease()).standing;
  if (open !== undefined) {
    return open.lives ? { kind: 'in-progress' } : { kind: 'left-behind', attempt: open.attempt };
  }
  // Without a rest: its holder has finished between our two looks.
  return rest === undefined ? { kind: 'in-progress' } : { kind: 'resting', ...rest };
}
