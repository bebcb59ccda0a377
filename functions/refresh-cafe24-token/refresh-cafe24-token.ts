import type { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import { grantToTokenRefreshed, type Origin } from '#shared/cafe24/outcome-events.ts';
import type { Attempt, FinishedAttempt } from '#shared/grants/ports.ts';
import { publishOutcome } from '#shared/grants/publish-outcome.ts';
import { isIssuable, NEVER_ISSUED, redeem } from '#shared/grants/redeem.ts';
import { saveGrant } from '#shared/grants/save-grant.ts';
import type { TurnOf } from '#shared/sqs/worker-per-invocation.ts';
import { beginRefresh } from './begin-refresh.ts';
import type { Dependencies } from './dependencies.ts';
import { closeWithoutGrant, refreshToRetry } from './without-grant.ts';

/** One message on its way through the use case. */
export type Turn = TurnOf<Cafe24ExpiryWarning, Dependencies>;

/**
 * Rotates one mall's grant.
 *
 * @returns `refreshed`; `escrowed`, when the grant waits to be installed; why nothing was to be done
 *   (`no-grant`, `of-another-client`, `overtaken`, `in-progress`, `resting`, `marked`); or how the
 *   attempt ended without a grant: `failed` (the sweep comes again) or `refused` (the row is marked); or `duplicate`, when
 *   another record of the invocation has worked on an equal warning.
 * @throws {@link DependencyUnavailableError} (retry) a store is away, or no time was left.
 * @throws {@link ConfigurationError} (retry) Cafe24 refused our client id or secret.
 * @remarks Safe to call twice: one attempt per mall is in flight, and what is done is overtaken.
 */
export async function refreshCafe24Token(turn: Turn): Promise<string> {
  const { mallId, version, reason } = turn.message.detail;
  return await turn.dependencies.once(`${mallId}/${version}/${reason}`, () => refreshMall(turn));
}

async function refreshMall(turn: Turn): Promise<string> {
  const { message, context, dependencies } = turn;
  const begun = await beginRefresh(turn);
  if (begun.kind === 'not-needed') return begun.because;

  const { attempt, refreshToken } = begun;
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const ticket = { mallId: attempt.subject, form };
  const redeemed = isIssuable(refreshToken)
    ? await redeem(dependencies.provider, ticket, context.deadline)
    : NEVER_ISSUED;

  const origin = originOf(attempt, message, dependencies.clock());
  if (redeemed.kind === 'granted') {
    const { grant } = redeemed;
    const save = { grant, event: grantToTokenRefreshed(grant, origin) };
    const saved = await saveGrant(attempt, save, { stores: dependencies.stores, ...context });
    return saved === 'escrowed' ? saved : await tell(saved, turn);
  }
  const closed = await closeWithoutGrant(redeemed, { attempt, origin, dependencies });
  const outcome = await tell(closed, turn);
  const retry = refreshToRetry(redeemed);
  if (retry !== undefined) throw retry;
  return outcome;
}

async function tell(finished: FinishedAttempt, { context, dependencies }: Turn): Promise<string> {
  const { attempts, bus } = dependencies;
  await publishOutcome(finished, { attempts, bus, log: context.log });
  return finished.outcome;
}

function originOf({ attemptId, subject }: Attempt, message: Turn['message'], now: Date): Origin {
  return { attemptId, mallId: subject, occurredAt: now, message };
}
