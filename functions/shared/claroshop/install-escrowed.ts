import type { LeasedAttempts } from '../grants/leased-attempts.ts';
import type { Attempt, Escrow } from '../grants/ports.ts';
import { publishOutcome, type OutcomePublisher } from '../grants/publish-outcome.ts';
import type { Log } from '../log.ts';
import type { ClaroshopGrant } from './grant.ts';
import type { ClaroshopTokens } from './tokens.ts';

interface Installing {
  readonly attempts: LeasedAttempts;
  readonly tokens: ClaroshopTokens;
  readonly escrow: Escrow<ClaroshopGrant>;
  readonly bus: OutcomePublisher;
  readonly log: Log;
}

/**
 * Installs what lies in escrow of an attempt that others gave up, and tells it. Only under the account's
 * lease, for the reason that `settleOpenAttempt` has; what was listed before it was taken may be gone.
 *
 * @throws (retry) a store is away: the grant is in escrow still.
 */
export async function installEscrowed(
  attempt: Attempt,
  { attempts, tokens, escrow, bus, log }: Installing,
): Promise<void> {
  const save = await escrow.read(attempt.attemptId);
  if (save === undefined) return;
  const finished = await tokens.commit(attempt, save, false);
  await publishOutcome(finished, { attempts, bus, log });
  await escrow.delete(attempt.attemptId);
}
