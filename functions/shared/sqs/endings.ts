import type { SQSRecord } from 'aws-lambda';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { fateOf, type Failure } from './fates.ts';
import { receiveCountOf } from './message.ts';
import type { QueueMessages } from './queue-messages.ts';
import {
  backoffSeconds,
  retryDelaySeconds,
  type Random,
  type RetryPolicy,
} from './retry-policy.ts';

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

/**
 * Long enough that a function whose timeout is too short for any work does not spin through the
 * receives; nothing beside the minute that the shortest-lived message has.
 */
const GIVE_BACK_SECONDS = 1;

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
  const receiveCount = receiveCountOf(delivery.record);
  const failed = { receiveCount, ageSeconds, retryAfterSeconds: failure.retryAfterSeconds };
  const delaySeconds = retryDelaySeconds(means.retry, failed, means.random);
  const { code, error } = failure;
  return keep(delivery, { fate: 'retried', code, delaySeconds, error }, means);
}

/**
 * Ends the turn of a suspect that there was no time for. It comes after its neighbours each time and
 * may never have its turn: past its horizon it is rejected, which says more than the queue's limit
 * would. A record that came once or twice is spared: redriven past its horizon it gets its one try.
 */
export function giveBackWithinHorizon(delivery: Delivery, means: Means): Promise<Disposal> {
  if (ageSecondsOf(delivery, means) < means.retry.horizonSeconds) {
    return giveBack(delivery, 'no-time', means);
  }
  const error = new Error('There was too little time left to start it, and it is past its horizon');
  const code = 'retries-exhausted:no-time';
  return reject(delivery, { fate: 'reject', code, error, retryAfterSeconds: undefined }, means);
}

/** Ends the turn of a record that was not tried, so no horizon is judged. */
export function giveBack(
  delivery: Delivery,
  code: 'no-time' | 'neighbours-not-deleted',
  means: Means,
): Promise<Disposal> {
  return keep(delivery, { fate: 'given-back', code, delaySeconds: GIVE_BACK_SECONDS }, means);
}

async function reject(delivery: Delivery, failure: Failure, means: Means): Promise<Disposal> {
  const { code, error } = failure;
  const rejection = { reason: code, errorMessage: error.message, rejectedAt: means.clock() };
  try {
    const receipt = await means.queue.reject(delivery.record, rejection);
    const ageSeconds = ageSecondsOf(delivery, means);
    delivery.log.error('Rejected', { fate: 'rejected', code, ageSeconds, error, ...receipt });
    return 'delete';
  } catch (thrown) {
    delivery.log.error('The dead-letter queue did not take it', { error: fateOf(thrown).error });
    // Not bound by the horizon: the message may be past it, and would come back every second.
    const receiveCount = receiveCountOf(delivery.record);
    const delaySeconds = backoffSeconds(means.retry, receiveCount, means.random);
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

function ageSecondsOf({ publishedAt }: Delivery, { clock }: Means): number {
  return Math.max(0, clock().getTime() - publishedAt.getTime()) / 1000;
}
