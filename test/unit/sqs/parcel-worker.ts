import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { defineEvent } from '#events/define-event.ts';
import type { QueueMessages } from '#shared/sqs/queue-messages.ts';
import { queueWorker, type Work } from '#shared/sqs/worker.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { lambdaContext } from '#test/support/lambda-context.ts';
import { sqsRecord, type RecordFields } from '#test/support/sqs-records.ts';

const ParcelSent = defineEvent('ParcelSent', z.object({ parcelId: z.string() }));
type ParcelSent = z.infer<typeof ParcelSent.schema>;
export type ParcelWork = Work<ParcelSent>;

export const RETRY = { horizonSeconds: 75, firstDelaySeconds: 2, maxDelaySeconds: 16 };
export const TIME_TO_START_MS = 5000;

/**
 * A worker of a made-up queue, with everything that it touches. Its jitter takes nothing away, so
 * that the first backoffs are 2, 4, 8 and 16 s; its clock stands at the time when `parcel` was sent.
 *
 * @param messages instead of the fake, which sees nothing then.
 */
export function parcelWorker(work: ParcelWork, messages?: QueueMessages) {
  const clock = fixedClock();
  const queue = fakeQueueMessages();
  const log = recordingLog();
  const handle = queueWorker(
    { event: ParcelSent, retry: RETRY, timeToStartMs: TIME_TO_START_MS, work },
    { queue: messages ?? queue, clock: clock.now, log, random: () => 0.999999 },
  );
  return {
    clock,
    queue,
    log,
    /** A record whose id is its parcel's. */
    parcel: (id: string, fields: Partial<RecordFields> = {}): SQSRecord => {
      const defaults = { messageId: id, body: { parcelId: id }, sentAt: clock.now() };
      return sqsRecord({ ...defaults, ...fields });
    },
    /** @returns the ids that the batch's answer reports as failed. */
    handle: async (records: readonly SQSRecord[], remainingMs = () => 20_000) => {
      const answer = await handle({ Records: [...records] }, lambdaContext(remainingMs));
      return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}

/** Work that fails as the map says by parcel id, and does the rest. */
export const failingFor =
  (failures: Readonly<Record<string, unknown>>): ParcelWork =>
  ({ detail: { parcelId } }) =>
    parcelId in failures
      ? // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is tested
        Promise.reject(failures[parcelId])
      : Promise.resolve('delivered');
