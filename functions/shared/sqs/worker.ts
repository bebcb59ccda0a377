import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { EventDefinition } from '#events/define-event.ts';
import type { Clock, Deadline } from '../clock.ts';
import type { Log } from '../log.ts';
import { acknowledge, fail, giveBack, type Delivery, type Disposal } from './endings.ts';
import { fateOf } from './fates.ts';
import { parseMessage, receiveCountOf, sentAtOf, type Message } from './message.ts';
import type { QueueMessages } from './queue-messages.ts';
import type { Random, RetryPolicy } from './retry-policy.ts';

export interface RecordContext {
  /** Carries messageId, correlationId and receiveCount. */
  readonly log: Log;
  readonly deadline: Deadline;
}

/** @returns the outcome, a past-tense word; whatever it is, the message is done with. */
export type Work<Detail> = (message: Message<Detail>, context: RecordContext) => Promise<string>;

export interface QueueWorkerOptions<Detail extends object> {
  readonly event: EventDefinition<Detail>;
  readonly retry: RetryPolicy;
  /** A record is given back unstarted when less is left of the invocation. */
  readonly timeToStartMs: number;
  readonly work: Work<Detail>;
}

export interface QueueWorkerDependencies {
  readonly queue: QueueMessages;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
}

/**
 * Makes the Lambda handler of an SQS queue. Each record meets its own fate, whatever becomes of its
 * neighbours: acknowledged when `work` returns, retried or rejected as the error says that it throws
 * (an error that nobody foresaw is retried), given back unstarted when there is no time for it.
 *
 * @returns a handler that answers with the ids of the messages that stay in the queue. It never
 * throws, and never returns while `work` still runs for any record.
 */
export function queueWorker<Detail extends object>(
  options: QueueWorkerOptions<Detail>,
  dependencies: QueueWorkerDependencies,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return (event, context) => {
    const deadline = { remainingMs: () => Math.max(0, context.getRemainingTimeInMillis()) };
    const consume = async (record: SQSRecord) => {
      const disposal = await consumeRecord(record, deadline);
      // The processor knows a kept record by an Error; anything else thrown would end the batch.
      if (disposal === 'keep') throw new Error('kept');
    };
    return processPartialResponse(event, consume, new BatchProcessor(EventType.SQS), {
      throwOnFullBatchFailure: false,
    });
  };

  async function consumeRecord(record: SQSRecord, deadline: Deadline): Promise<Disposal> {
    const means = { ...dependencies, retry: options.retry };
    let delivery = received(record, dependencies.log);
    if (deadline.remainingMs() < options.timeToStartMs) return giveBack(delivery, means);
    try {
      const message = parseMessage(record, options.event);
      delivery = understood(delivery, message);
      const outcome = await options.work(message, { log: delivery.log, deadline });
      return acknowledge(delivery, outcome, means);
    } catch (thrown) {
      return await fail(delivery, fateOf(thrown), means);
    }
  }
}

/** What is known of a record before its body is read. */
function received(record: SQSRecord, log: Log): Delivery {
  const { messageId } = record;
  const ids = { messageId, correlationId: messageId, receiveCount: receiveCountOf(record) };
  return { record, publishedAt: sentAtOf(record), log: log.child(ids) };
}

function understood(delivery: Delivery, message: Message<object>): Delivery {
  const { publishedAt, correlationId } = message;
  return { ...delivery, publishedAt, log: delivery.log.child({ correlationId }) };
}
