import type { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import { installEscrowed } from '#shared/claroshop/install-escrowed.ts';
import { settleOpenAttempt } from '#shared/claroshop/settle-open-attempt.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import type { Deadline } from '#shared/clock.ts';
import type { Standing } from '#shared/grants/leased-attempts.ts';
import type { EscrowedGrant, FinishedAttempt } from '#shared/grants/ports.ts';
import { publishOutcome } from '#shared/grants/publish-outcome.ts';
import { errorField } from '#shared/log.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Installs a grant that came into escrow when others had given its attempt up already. That of an open
 * attempt is left to whoever settles it.
 *
 * Under the account's lease, for the reason that `settleOpenAttempt` has; while somebody works for the
 * account it is left to the next run.
 */
export async function recoverEscrowed(
  { attempt }: EscrowedGrant<ClaroshopGrant>,
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<void> {
  const { attemptsOf, newId, log } = dependencies;
  const attempts = attemptsOf(attempt.subject);
  const attemptId = newId();
  const cause = { correlationId: attemptId, causationId: attemptId };
  const leaseMs = deadline.remainingMs();
  const begun = await attempts.begin({ attemptId, cause, leaseMs, asksNobody: true });
  if (begun.kind !== 'begun') return;
  try {
    await installEscrowed(attempt, { ...dependencies, attempts });
  } finally {
    await attempts.giveBack(attemptId).catch((error: unknown) => {
      log.warn('lease-not-ended', { attemptId, ...errorField(error) });
    });
  }
}

/**
 * Finishes what a dead process left of an account: its attempt, and outcomes that nobody publishes
 * any more.
 *
 * @returns how the account stands after that.
 */
export async function recoverAccount(
  account: string,
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<Standing> {
  const subject = accountToSubject(account);
  const attempts = dependencies.attemptsOf(subject);
  const standing = await attempts.standing();
  const { open, hasUnpublished } = standing;
  const isDead = open !== undefined && !open.lives;
  if (isDead) {
    const by = { attemptId: dependencies.newId(), leaseMs: deadline.remainingMs() };
    const finished = await settleOpenAttempt(open.attempt, { ...dependencies, attempts, by });
    if (finished !== undefined) await publish(subject, finished, dependencies);
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
