import { DependencyUnavailableError } from '../errors.ts';
import type { Closing } from '../grants/leased-attempts.ts';
import type { FinishedAttempt, GrantToSave } from '../grants/ports.ts';
import { publishOutcome } from '../grants/publish-outcome.ts';
import type { RedeemedInTime } from '../grants/redeem.ts';
import { saveGrant } from '../grants/save-grant.ts';
import { errorField } from '../log.ts';
import { fits, grantToBundle } from './bundle.ts';
import type { ClaroshopGrant } from './grant.ts';
import type { LeasedTurn, Obtained } from './obtain-grant.ts';
import { bundleToEvent, toTokenRefreshFailed } from './outcome-events.ts';
import { untilDone } from './until-done.ts';

/** The alarm for what our own configuration fails counts the lines with this code. */
const OUR_FAULT = 'misconfigured';
const UNRECOGNIZED_REST_SECONDS = 3_600;
const HOPEFUL_MS = 24 * 3_600_000;

/** Neither a grant nor a refusal of what was shown. */
type WithoutGrant = Exclude<
  RedeemedInTime<ClaroshopGrant>,
  { kind: 'granted' } | { kind: 'refused' }
>;

/** Stores the grant until it is stored, then the eight names, then tells it. */
export async function keepGrant(turn: LeasedTurn, grant: ClaroshopGrant): Promise<Obtained> {
  const { account, attempt, context, dependencies } = turn;
  const { tokens, escrow, pause } = dependencies;
  const bundle = grantToBundle(grant, attempt.attemptId);
  if (!fits(bundle)) {
    return await endWithoutGrant(turn, { kind: 'failed', reason: 'grant-too-large' });
  }
  const save = { grant, event: bundleToEvent(bundle, attempt) };
  const saved = await saveGrant(attempt, save, { stores: { tokens, escrow, pause }, ...context });
  const finished = saved === 'escrowed' ? await installOrLeave(turn, save) : saved;
  if (finished === undefined) return { outcome: 'escrowed' };
  // The grant is stored: names that can't be written now are mended by the next run.
  await tokens.project(account, context.deadline, bundle).catch((error: unknown) => {
    context.log.warn('names-not-written-yet', { account, ...errorField(error) });
  });
  const told = await tell(turn, finished);
  return finished.outcome === 'overtaken' ? told : { ...told, bundle };
}

/**
 * The grant is safe in escrow. What throttled it takes it within seconds, and a store whose answers came
 * too late may have done all of it.
 *
 * @returns `undefined` when it is left to others.
 */
async function installOrLeave(
  { account, attempt, attempts, context, dependencies }: LeasedTurn,
  save: GrantToSave<ClaroshopGrant>,
): Promise<FinishedAttempt | undefined> {
  const { attemptId } = attempt;
  const { tokens, escrow } = dependencies;
  const finished = await tokens
    .commitPatiently(attempt, save, context.deadline)
    .catch((error: unknown) => {
      context.log.warn('grant-left-in-escrow', { account, attemptId, ...errorField(error) });
      return undefined;
    });
  const clearing = finished ? escrow.delete(attemptId) : attempts.leave(attemptId);
  await clearing.catch((error: unknown) => {
    // Then a sweep does it, of a lease when it is over by itself.
    const message = finished ? 'escrow-not-cleared' : 'lease-not-ended';
    context.log.warn(message, { account, attemptId, ...errorField(error) });
  });
  return finished;
}

/**
 * Ends an attempt that brought no grant and says nothing of what was shown. The account rests, and
 * the sweep comes again.
 *
 * @throws {@link DependencyUnavailableError} (retry) no time was left to ask.
 */
export async function endWithoutGrant(turn: LeasedTurn, ended: WithoutGrant): Promise<Obtained> {
  const { attempt, attempts, context, dependencies } = turn;
  const { attemptId } = attempt;
  if (ended.kind === 'not-started') {
    const closure = { outcome: 'not-started', reason: 'no-time-left' } as const;
    await untilDone(turn, (signal) => attempts.close(attemptId, closure, { signal }));
    throw new DependencyUnavailableError(
      'no-time-left',
      'Too little time was left to ask ClaroShop.',
    );
  }
  const outcome = ended.kind === 'misconfigured' ? 'misconfigured' : 'failed';
  const reason = reasonOf(ended);
  const event = toTokenRefreshFailed(reason, attempt, dependencies.clock());
  const closure = { outcome, reason, event } as const;
  const closed = await untilDone(turn, (signal) =>
    attempts.close(attemptId, closure, { ...restAfter(ended), signal }),
  );
  const code = ended.kind === 'misconfigured' ? OUR_FAULT : undefined;
  context.log.warn('no-grant', { account: turn.account, attemptId, reason, code });
  if (ended.kind === 'unrecognized') await tellOperator(turn, reason);
  return { ...(await tell(turn, closed)), reason };
}

type Ended = Exclude<WithoutGrant, { kind: 'not-started' }>;

function reasonOf({ kind, reason }: Ended): string {
  return kind === 'failed' || kind === 'unknown' ? reason : `${kind}-${reason}`;
}

/**
 * A refusal that no table knows may be about the account, so it is asked seldom: with these rests 18
 * times within the 12 h in which Keycloak adds failures up, where 30 lock an account (`failureFactor`,
 * `maxDeltaTimeSeconds`: defaults of its RealmManager, read 2026-11).
 */
function restAfter(ended: Ended): Pick<Closing, 'leastRestSeconds' | 'longestRestSeconds'> {
  if (ended.kind === 'unrecognized') return { longestRestSeconds: UNRECOGNIZED_REST_SECONDS };
  return ended.kind === 'failed' ? { leastRestSeconds: ended.retryAfterSeconds } : {};
}

/** After a day without a grant nobody may hope that it passes: each further refusal says so. */
async function tellOperator(turn: LeasedTurn, reason: string): Promise<void> {
  const { account, attempts, context, dependencies } = turn;
  const standing = await attempts.standing().catch(() => undefined);
  const sinceMs = standing?.failingSince?.getTime() ?? Infinity;
  if (dependencies.clock().getTime() - sinceMs < HOPEFUL_MS) return;
  context.log.error('refused-for-a-day', { account, reason, code: OUR_FAULT });
}

/** Publishes what an attempt has to tell, and says how it ended. */
export async function tell(turn: LeasedTurn, finished: FinishedAttempt): Promise<Obtained> {
  const { attempts, context, dependencies } = turn;
  await publishOutcome(finished, { attempts, bus: dependencies.bus, log: context.log });
  return { outcome: finished.outcome };
}
