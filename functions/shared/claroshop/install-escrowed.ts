import { OVERTAKEN, type LeasedAttempts, type NewestGrant } from '../grants/leased-attempts.ts';
import type { Attempt, Escrow, FinishedAttempt, GrantToSave } from '../grants/ports.ts';
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
export async function installEscrowed(attempt: Attempt, installing: Installing): Promise<void> {
  const { attempts, escrow, bus, log } = installing;
  const save = await escrow.read(attempt.attemptId);
  if (save === undefined) return;
  const finished = await commitUnlessOver(attempt, save, installing);
  await publishOutcome(finished, { attempts, bus, log });
  await escrow.delete(attempt.attemptId);
}

/** Others may have stored a grant a moment ago, which a read of the bundle need not show: the lease does. */
async function commitUnlessOver(
  attempt: Attempt,
  save: GrantToSave<ClaroshopGrant>,
  { attempts, tokens }: Installing,
): Promise<FinishedAttempt> {
  const { newest } = await attempts.standing();
  // Stored, and not cleared away since: its attempt is over and keeps its end.
  const isStored = newest?.attemptId === attempt.attemptId;
  return isStored || isFollowed(attempt, newest)
    ? await attempts.commit(attempt, OVERTAKEN)
    : await tokens.commit(attempt, save, false);
}

/** The grant that it began with is no later one, whatever its version is by now. */
function isFollowed({ baseVersion, baseAttemptId }: Attempt, newest?: NewestGrant): boolean {
  if (newest === undefined || newest.attemptId === baseAttemptId) return false;
  return newest.version > baseVersion;
}
