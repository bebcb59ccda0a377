import { DependencyUnavailableError } from '../errors.ts';
import type { FinishedAttempt, GrantToSave } from '../grants/ports.ts';
import { publishOutcome } from '../grants/publish-outcome.ts';
import type { RedeemedInTime } from '../grants/redeem.ts';
import { saveGrant } from '../grants/save-grant.ts';
import { errorField } from '../log.ts';
import { MAX_VALUE_BYTES } from '../ssm/parameters.ts';
import { grantToBundle } from './bundle.ts';
import type { ClaroshopGrant } from './grant.ts';
import type { LeasedTurn, Obtained } from './obtain-grant.ts';
import { bundleToEvent, toTokenRefreshFailed } from './outcome-events.ts';
import { untilDone } from './until-done.ts';

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
  if (Buffer.byteLength(JSON.stringify(bundle)) > MAX_VALUE_BYTES) {
    return await endWithoutGrant(turn, { kind: 'failed', reason: 'grant-too-large' });
  }
  const save = { grant, event: bundleToEvent(bundle, attempt) };
  const saved = await saveGrant(attempt, save, { stores: { tokens, escrow, pause }, ...context });
  const finished = saved === 'escrowed' ? await installOrLeave(turn, save) : saved;
  if (finished === undefined) return { outcome: 'escrowed' };
  // The grant is stored: names that can't be written now are mended by the next run.
  await tokens.project(account, context.deadline).catch((error: unknown) => {
    context.log.warn('names-not-written-yet', { account, ...errorField(error) });
  });
  return await tell(turn, finished);
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
  const reason = ended.kind === 'misconfigured' ? `misconfigured-${ended.reason}` : ended.reason;
  const event = toTokenRefreshFailed(reason, attempt, dependencies.clock());
  const leastRestSeconds = ended.kind === 'failed' ? ended.retryAfterSeconds : undefined;
  const closure = { outcome, reason, event } as const;
  const closed = await untilDone(turn, (signal) =>
    attempts.close(attemptId, closure, { leastRestSeconds, signal }),
  );
  // The alarm for what our own configuration fails counts the lines with this code.
  const code = ended.kind === 'misconfigured' ? ended.kind : undefined;
  context.log.warn('no-grant', { account: turn.account, attemptId, reason, code });
  return { ...(await tell(turn, closed)), reason };
}

/** Publishes what an attempt has to tell, and says how it ended. */
export async function tell(turn: LeasedTurn, finished: FinishedAttempt): Promise<Obtained> {
  const { attempts, context, dependencies } = turn;
  await publishOutcome(finished, { attempts, bus: dependencies.bus, log: context.log });
  return { outcome: finished.outcome };
}
