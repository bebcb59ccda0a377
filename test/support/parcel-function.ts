/** The code of a function of its own for tests on LocalStack: a worker whose records say what they do. */
import { setTimeout as pause } from 'node:timers/promises';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { defineEvent } from '#events/define-event.ts';
import { systemClock } from '#shared/clock.ts';
import { DependencyRefusedError } from '#shared/errors.ts';
import { receiveCountOf } from '#shared/sqs/message.ts';
import { sqsQueueMessages } from '#shared/sqs/queue-messages.ts';
import { isSuspect } from '#shared/sqs/suspects.ts';
import { queueWorker } from '#shared/sqs/worker.ts';
import { recordingLog } from './recording-log.ts';

/** `end` kills the process, `hang` never returns, `forbid` is refused for good. */
const deeds = z.enum(['deliver', 'end', 'hang', 'forbid']);
const ParcelSent = defineEvent('ParcelSent', z.object({ parcelId: z.string(), deed: deeds }));

const variable = (name: string) => process.env[name] ?? '';
const client = new SQSClient({ maxAttempts: 1 });
const queue = sqsQueueMessages(client, {
  queueUrl: variable('QUEUE_URL'),
  deadLetterQueueUrl: variable('DEAD_LETTER_QUEUE_URL'),
  functionName: 'parcels',
});

async function answer(parcelId: string): Promise<string> {
  const QueueUrl = variable('ANSWERS');
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: parcelId }));
  return 'delivered';
}

const parcelIdOf = ({ body }: SQSRecord) =>
  z.object({ parcelId: z.string() }).parse(JSON.parse(body)).parcelId;

/**
 * Draws by the parcels' names, turned around with every receive: who stands before a parcel now
 * stands behind it the next time. With chance, some would stand behind it for ever at times.
 */
function drawsOf(records: readonly SQSRecord[]): () => number {
  const suspects = records.filter(isSuspect);
  const names = suspects.map(parcelIdOf).sort();
  const draws = suspects.map((record) => {
    const place = names.indexOf(parcelIdOf(record)) / 10;
    return receiveCountOf(record) % 2 === 0 ? 1 - place : place;
  });
  return () => draws.shift() ?? 0.5;
}

export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  queueWorker(
    {
      event: ParcelSent,
      retry: { horizonSeconds: 600, firstDelaySeconds: 1, maxDelaySeconds: 2 },
      timeToStartMs: Number(variable('TIME_TO_START_MS')),
      work: async ({ detail: { parcelId, deed } }) => {
        if (deed === 'end') process.exit(1);
        if (deed === 'hang') await pause(600_000);
        if (deed === 'forbid') throw new DependencyRefusedError('forbidden', 'It may not travel.');
        return await answer(parcelId);
      },
    },
    { queue, clock: systemClock, log: recordingLog(), random: drawsOf(event.Records) },
  )(event, context);
