import type { Attempt, Escrow, FinishedAttempt, OutcomeEvent, Tokens } from './ports.ts';
import type { RefreshAttempts } from './refresh-ports.ts';

interface Means<Grant> {
  readonly attempts: RefreshAttempts;
  readonly tokens: Tokens<Grant>;
  readonly escrow: Escrow<Grant>;
  readonly events: {
    /** ReauthorizationRequired. */
    readonly marked: OutcomeEvent;
    /** TokenRefreshFailed, for when nobody may conclude that the grant is dead. */
    readonly failed: OutcomeEvent;
  };
}

/**
 * The provider called the refresh token dead. Before the row is marked, the escrow of every attempt
 * that began with the same version is read again: an earlier one may have been granted the successor
 * and could save it only there. It is installed then, and this attempt is overtaken.
 *
 * While the escrow can't be read nobody may conclude anything: closed as failed, no mark.
 */
export async function markRefusedGrant<Grant>(
  attempt: Attempt,
  { attempts, tokens, escrow, events }: Means<Grant>,
): Promise<FinishedAttempt> {
  const { attemptId, subject, baseVersion } = attempt;
  try {
    for (const earlierId of await attempts.attemptsOf(subject, baseVersion)) {
      await install({ ...attempt, attemptId: earlierId }, { tokens, escrow });
    }
  } catch {
    return await attempts.close(attemptId, {
      outcome: 'failed',
      reason: 'escrow-unreadable',
      event: events.failed,
    });
  }
  return await attempts.refuse(attempt, events.marked);
}

async function install<Grant>(
  attempt: Attempt,
  { tokens, escrow }: Pick<Means<Grant>, 'tokens' | 'escrow'>,
): Promise<void> {
  const saved = await escrow.read(attempt.attemptId);
  if (saved === undefined) return;
  await tokens.commit(attempt, saved, false);
  await escrow.delete(attempt.attemptId);
}
