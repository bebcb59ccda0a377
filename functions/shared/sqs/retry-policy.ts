/** How a worker spaces its retries. Infrastructure computes the queue's receive limit from it. */
export interface RetryPolicy {
  /** Age of a message, in seconds, past which a failing one is rejected instead of retried. */
  readonly horizonSeconds: number;
  /** Delay after the first failure; doubles with each further receive. */
  readonly firstDelaySeconds: number;
  readonly maxDelaySeconds: number;
}

/** A turn after which the message stays, as far as it decides when the next one comes. */
export interface FailedTry {
  /** 1 for a message that came for the first time. */
  readonly receiveCount: number;
  readonly ageSeconds: number;
  /** What the failed dependency asked for: a least delay, also above `maxDelaySeconds`. */
  readonly retryAfterSeconds?: number | undefined;
}

/** Draws from [0, 1). Injected, so that tests can fix it. */
export type Random = () => number;

/**
 * SQS refuses to hide a message longer than 12 h from its receive (API reference of
 * ChangeMessageVisibility, read 2026-11); 15 min of them a Lambda may have used up.
 */
const LONGEST_HIDE_SECONDS = (12 * 60 - 15) * 60;

/**
 * Receives left for what comes past the horizon: a neighbour that ends the process before it is this
 * message's turn, an invocation that is throttled, a dead-letter queue that takes nothing.
 */
const SPARE_RECEIVES = 10;

/**
 * Backoff with equal jitter: half of the doubled and capped delay, plus a random part of the other
 * half. It looks at no horizon.
 *
 * @returns whole seconds, rounded up, as SQS takes them.
 */
export function backoffSeconds(policy: RetryPolicy, receiveCount: number, random: Random): number {
  const doubled = policy.firstDelaySeconds * 2 ** (receiveCount - 1);
  const half = Math.min(doubled, policy.maxDelaySeconds) / 2;
  return Math.ceil(half + random() * half);
}

/**
 * For how long a message that stays in its queue is hidden: the backoff, or what the dependency asked
 * for when that is longer. Not past the horizon, so that the last try comes on time; but who is past
 * it already does not come back every second.
 *
 * @returns whole seconds, at least 1.
 */
export function retryDelaySeconds(policy: RetryPolicy, failed: FailedTry, random: Random): number {
  const wanted = Math.max(
    backoffSeconds(policy, failed.receiveCount, random),
    Math.ceil(failed.retryAfterSeconds ?? 0),
  );
  const left = Math.ceil(policy.horizonSeconds - failed.ageSeconds);
  return Math.min(wanted, left > 0 ? left : Infinity, LONGEST_HIDE_SECONDS);
}

/**
 * The queue's `maxReceiveCount`: as many receives as are possible until the horizon, and a few more.
 * The consumer rejects at the horizon by itself, with a reason; this limit is left for messages whose
 * process died.
 *
 * A message is hidden for its backoff, or, where nobody could set that, for the visibility timeout:
 * its process was ended, its invocation throttled (Lambda has received it by then), or SQS did not
 * take the backoff. Whichever is shorter counts.
 */
export function maxReceiveCount(policy: RetryPolicy, visibilityTimeoutSeconds: number): number {
  const leastJitter = () => 0;
  let receiveCount = 1;
  for (let ageSeconds = 0; ageSeconds < policy.horizonSeconds; receiveCount += 1) {
    const delaySeconds = retryDelaySeconds(policy, { receiveCount, ageSeconds }, leastJitter);
    ageSeconds += Math.min(delaySeconds, visibilityTimeoutSeconds);
  }
  return receiveCount + SPARE_RECEIVES;
}
