import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import { settleOpenAttempt } from '#shared/claroshop/settle-open-attempt.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import type { Standing } from '#shared/grants/leased-attempts.ts';
import type { EscrowedGrant, FinishedAttempt } from '#shared/grants/ports.ts';
import { publishOutcome } from '#shared/grants/publish-outcome.ts';
import type { Dependencies } from './dependencies.ts';

/** Installs a grant that its process could save in escrow only, of whatever account. */
export async function installEscrowed(
  { attempt, save }: EscrowedGrant<ClaroshopGrant>,
  dependencies: Dependencies,
): Promise<void> {
  const finished = await dependencies.tokens.commit(attempt, save, false);
  await dependencies.escrow.delete(attempt.attemptId);
  await publish(attempt.subject, finished, dependencies);
}

/**
 * Finishes what a dead process left of an account: its attempt, and outcomes that nobody publishes
 * any more.
 *
 * @returns how the account stands after that.
 */
export async function recoverAccount(
  account: string,
  dependencies: Dependencies,
): Promise<Standing> {
  const subject = accountToSubject(account);
  const attempts = dependencies.attemptsOf(subject);
  const standing = await attempts.standing();
  const { open, hasUnpublished } = standing;
  const isDead = open !== undefined && !open.lives;
  if (isDead) {
    const finished = await settleOpenAttempt(open.attempt, { ...dependencies, attempts });
    await publish(subject, finished, dependencies);
  }
  if (hasUnpublished) {
    for (const finished of await attempts.unpublished()) {
      await publish(subject, finished, dependencies);
    }
  }
  return isDead ? await attempts.standing() : standing;
}

async function publish(
  subject: string,
  finished: FinishedAttempt,
  { attemptsOf, bus, log }: Dependencies,
): Promise<void> {
  await publishOutcome(finished, { attempts: attemptsOf(subject), bus, log });
}
