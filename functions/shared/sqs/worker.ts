import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { EventDefinition } from '#events/define-event.ts';
import { deadlineOf, type Clock, type Deadline } from '../clock.ts';
import type { Log } from '../log.ts';
import { sentAtOf } from './age.ts';
import {
  acknowledge,
  fail,
  giveBack,
  giveBackWithinHorizon,
  type Delivery,
  type Disposal,
} from './endings.ts';
import { fateOf } from './fates.ts';
import { tellLosses } from './losses.ts';
import { parseMessage, receiveCountOf, type Message } from './message.ts';
import type { QueueMessages } from './queue-messages.ts';
import type { Random, RetryPolicy } from './retry-policy.ts';
import { consumeSuspects, sortOut, type Disposed } from './suspects.ts';

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
 * (an error that nobody foresaw is retried), given back unstarted when there is no time for it; a
 * suspect, which has its turn last, only until its horizon.
 *
 * A record that has come three times or more is a suspect: it runs after the others, alone, with all
 * that is done already deleted, so that a record that ends the process takes down only itself.
 *
 * @returns a handler that answers with the ids of the messages that stay in the queue. It never
 * throws, and never returns while `work` still runs for any record.
 */
export function queueWorker<Detail extends object>(
  options: QueueWorkerOptions<Detail>,
  dependencies: QueueWorkerDependencies,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const means = { ...dependencies, retry: options.retry };
  const { queue, log, random } = dependencies;
  return async (event, context) => {
    const deadline = deadlineOf(context);
    const hasTime = () => deadline.remainingMs() >= options.timeToStartMs;
    const consume = (record: SQSRecord) => consumeRecord(record, deadline);
    const { suspects, others } = sortOut(event.Records, random);
    const neighbours = await consumeTogether(others, (record) =>
      hasTime() ? consume(record) : giveBack(received(record, log), 'no-time', means),
    );
    const last = await consumeSuspects(suspects, neighbours, {
      ...{ queue, log, hasTime, consume },
      giveBack: (record, why) => giveBackWithinHorizon(received(record, log), why, means),
    });
    const kept = [...neighbours, ...last].filter(({ disposal }) => disposal === 'keep');
    return {
      batchItemFailures: kept.map(({ record }) => ({ itemIdentifier: record.messageId })),
    };
  };

  async function consumeRecord(record: SQSRecord, deadline: Deadline): Promise<Disposal> {
    let delivery = received(record, log);
    try {
      const { message, losses } = parseMessage(record, options.event);
      delivery = understood(delivery, message);
      tellLosses(losses, delivery.log);
      const outcome = await options.work(message, { log: delivery.log, deadline });
      return acknowledge(delivery, outcome, means);
    } catch (thrown) {
      return await fail(delivery, fateOf(thrown), means);
    }
  }
}

/** All at once, by Powertools, which waits for every record. */
async function consumeTogether(
  records: readonly SQSRecord[],
  consume: (record: SQSRecord) => Promise<Disposal>,
): Promise<readonly Disposed[]> {
  const consumeOrThrow = async (record: SQSRecord) => {
    const disposal = await consume(record);
    // The processor knows a kept record by an Error; anything else thrown would end the batch.
    if (disposal === 'keep') throw new Error('kept');
  };
  const { batchItemFailures } = await processPartialResponse(
    { Records: [...records] },
    consumeOrThrow,
    new BatchProcessor(EventType.SQS),
    { throwOnFullBatchFailure: false },
  );
  const kept = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return records.map((record) => ({
    record,
    disposal: kept.has(record.messageId) ? 'keep' : 'delete',
  }));
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
