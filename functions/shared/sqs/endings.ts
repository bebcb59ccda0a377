import type { SQSRecord } from 'aws-lambda';
import type { Clock } from '../clock.ts';
import { OwnError } from '../errors.ts';
import type { Log } from '../log.ts';
import { toldMessage } from '../told-error.ts';
import { fateOf, type Failure } from './fates.ts';
import { receiveCountOf } from './message.ts';
import type { QueueMessages } from './queue-messages.ts';
import { retryDelaySeconds, type Random, type RetryPolicy } from './retry-policy.ts';

/** A record in the consumer's hands. */
export interface Delivery {
  readonly record: SQSRecord;
  readonly publishedAt: Date;
  /** Carries the ids of the message and its receive count. */
  readonly log: Log;
}

/** What the batch's answer makes of the message: one that is kept is reported as failed. */
export type Disposal = 'delete' | 'keep';

export interface Means {
  readonly retry: RetryPolicy;
  readonly queue: QueueMessages;
  readonly clock: Clock;
  readonly random: Random;
}

/** Ends the turn of a record whose work is done, was done before, or was overtaken. */
export function acknowledge(delivery: Delivery, outcome: string, means: Means): Disposal {
  const ageSeconds = ageSecondsOf(delivery, means);
  delivery.log.info('Acknowledged', { fate: 'acknowledged', outcome, ageSeconds });
  return 'delete';
}

/**
 * Ends the turn of a record whose work failed: rejected for a permanent fault or past the horizon,
 * else hidden until its next try. Never throws: what can't be rejected or hidden stays in the queue.
 */
export async function fail(delivery: Delivery, failure: Failure, means: Means): Promise<Disposal> {
  if (failure.fate === 'reject') return reject(delivery, failure, means);
  const ageSeconds = ageSecondsOf(delivery, means);
  if (ageSeconds >= means.retry.horizonSeconds) {
    const exhausted = { ...failure, code: `retries-exhausted:${failure.code}` };
    return reject(delivery, exhausted, means);
  }
  const delaySeconds = delaySecondsOf(delivery, means, failure.retryAfterSeconds);
  const { code, error } = failure;
  return keep(delivery, { fate: 'retried', code, delaySeconds, error }, means);
}

export type WhyGivenBack = 'no-time' | 'neighbours-not-deleted';

/**
 * Ends the turn of a suspect that was not started. It comes after its neighbours each time and may
 * never have its turn: past its horizon it is rejected, which says more than the queue's limit would.
 */
export function giveBackWithinHorizon(
  delivery: Delivery,
  why: WhyGivenBack,
  means: Means,
): Promise<Disposal> {
  if (ageSecondsOf(delivery, means) < means.retry.horizonSeconds) {
    return giveBack(delivery, why, means);
  }
  const error = new OwnError('It could not be started again, and it is past its horizon');
  const code = `retries-exhausted:${why}`;
  return reject(delivery, { fate: 'reject', code, error, retryAfterSeconds: undefined }, means);
}

/**
 * Ends the turn of a record that was not started, so no horizon is judged: redriven past its horizon
 * it gets its one try. It is hidden as long as if it had failed: each receive counts, and the queue's
 * limit leaves room for as many as this delay allows until the horizon. Who comes back sooner, as
 * part of a backlog in an outage, reaches that limit long before its horizon, and without a reason.
 */
export function giveBack(delivery: Delivery, why: WhyGivenBack, means: Means): Promise<Disposal> {
  const delaySeconds = delaySecondsOf(delivery, means);
  return keep(delivery, { fate: 'given-back', code: why, delaySeconds }, means);
}

async function reject(delivery: Delivery, failure: Failure, means: Means): Promise<Disposal> {
  const { code, error } = failure;
  const { publishedAt } = delivery;
  const rejectedAt = means.clock();
  const rejection = { reason: code, errorMessage: toldMessage(error), rejectedAt, publishedAt };
  try {
    const receipt = await means.queue.reject(delivery.record, rejection);
    const ageSeconds = ageSecondsOf(delivery, means);
    delivery.log.error('Rejected', { fate: 'rejected', code, ageSeconds, error, ...receipt });
    return 'delete';
  } catch (thrown) {
    delivery.log.error('The dead-letter queue did not take it', { error: fateOf(thrown).error });
    const delaySeconds = delaySecondsOf(delivery, means);
    return keep(delivery, { fate: 'retried', code, delaySeconds, error }, means);
  }
}

interface Wait {
  readonly fate: 'retried' | 'given-back';
  readonly code: string;
  readonly delaySeconds: number;
  readonly error?: Error;
}

async function keep(delivery: Delivery, wait: Wait, means: Means): Promise<Disposal> {
  try {
    await means.queue.hide(delivery.record, wait.delaySeconds);
  } catch (thrown) {
    const { error } = fateOf(thrown);
    delivery.log.warn('Not hidden, comes back by the visibility timeout of its queue', { error });
  }
  delivery.log.warn('Kept', { ...wait, ageSeconds: ageSecondsOf(delivery, means) });
  return 'keep';
}

/** For how long the message is hidden now, whatever keeps it. */
function delaySecondsOf(delivery: Delivery, means: Means, retryAfterSeconds?: number): number {
  const receiveCount = receiveCountOf(delivery.record);
  const ageSeconds = ageSecondsOf(delivery, means);
  return retryDelaySeconds(
    means.retry,
    { receiveCount, ageSeconds, retryAfterSeconds },
    means.random,
  );
}

function ageSecondsOf({ publishedAt }: Delivery, { clock }: Means): number {
  return Math.max(0, clock().getTime() - publishedAt.getTime()) / 1000;
}
