import type { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { RuleViolatedError } from '#shared/errors.ts';
import type { Attempt, FinishedAttempt } from '#shared/grants/ports.ts';
import { publishOutcome } from '#shared/grants/publish-outcome.ts';
import { isIssuable, NEVER_ISSUED, redeem } from '#shared/grants/redeem.ts';
import { saveGrant } from '#shared/grants/save-grant.ts';
import type { TurnOf } from '#shared/sqs/worker-per-invocation.ts';
import { beginExchange, storedCodeId } from './begin-exchange.ts';
import type { Dependencies } from './dependencies.ts';
import { grantToTokenIssued, type Origin } from '#shared/cafe24/outcome-events.ts';
import { redeemedToClosure, redeemedToRetry } from './without-grant.ts';

/** One message on its way through the use case. */
export type Turn = TurnOf<AuthorizationCodeArrived, Dependencies>;

/**
 * Redeems one authorization code and stores the grant as the mall's token row.
 *
 * @returns how the code's attempt ended: `issued`, `overtaken`, `expired`, `superseded`, `rejected`,
 *   `unknown`; `escrowed`, when the grant waits to be installed; or `duplicate`, when another record
 *   of the invocation has worked on the same code.
 * @throws {@link RuleViolatedError} (reject) the mall is not configured, or the code is another's.
 * @throws {@link DependencyUnavailableError} (retry) the code is not stored yet, a living process
 *   works for the mall, the provider answered without a grant, or a store is away.
 * @throws {@link ConfigurationError} (retry) the provider refused our client id or secret.
 * @remarks Safe to call twice: a code is posted once, and whoever comes later finds its outcome.
 */
export async function exchangeCafe24Code(turn: Turn): Promise<string> {
  const { mallId } = turn.message.detail;
  if (!turn.dependencies.malls.has(mallId)) {
    throw new RuleViolatedError(
      'unknown-mall',
      'detail.mallId: expected one of the malls that CAFE24_MALLS names',
    );
  }
  const codeId = await storedCodeId(turn);
  return await turn.dependencies.once(`${mallId}/${codeId}`, async () => {
    const begun = await beginExchange(codeId, turn);
    if (begun.kind === 'over') return begun.status;
    return begun.kind === 'begun'
      ? await redeemCode(begun.attempt, begun.code, turn)
      : await tell(begun.finished, turn);
  });
}

async function redeemCode(attempt: Attempt, code: string, turn: Turn): Promise<string> {
  const { context, dependencies } = turn;
  const { provider, stores, attempts, redirectUri } = dependencies;
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
  const ticket = { mallId: attempt.subject, form };
  const redeemed = isIssuable(code)
    ? await redeem(provider, ticket, context.deadline)
    : NEVER_ISSUED;

  const origin = originOf(attempt, turn);
  if (redeemed.kind === 'granted') {
    const { grant } = redeemed;
    const save = { grant, event: grantToTokenIssued(grant, origin) };
    const saved = await saveGrant(attempt, save, { stores, ...context });
    return saved === 'escrowed' ? saved : await tell(saved, turn);
  }
  const closed = await attempts.close(attempt.attemptId, redeemedToClosure(redeemed, origin));
  const outcome = await tell(closed, turn);
  const retry = redeemedToRetry(redeemed);
  if (retry !== undefined) throw retry;
  return outcome;
}

async function tell(finished: FinishedAttempt, { context, dependencies }: Turn): Promise<string> {
  const { attempts, bus } = dependencies;
  await publishOutcome(finished, { attempts, bus, log: context.log });
  return finished.outcome;
}

function originOf({ attemptId, subject }: Attempt, { message, dependencies }: Turn): Origin {
  return { attemptId, mallId: subject, occurredAt: dependencies.clock(), message };
}
