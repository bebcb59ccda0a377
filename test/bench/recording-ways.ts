import { setTimeout as pause } from 'node:timers/promises';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { toSlaBreach } from '#functions/record-sla-errors/sla-breach.ts';
import { slaErrorsWorker } from '#functions/record-sla-errors/worker.ts';
import { systemClock } from '#shared/clock.ts';
import { dynamoDbSlaBreaches } from '#shared/dynamodb/sla-breaches.ts';
import { breachToItem } from '#shared/dynamodb/sla-item.ts';
import type { Log } from '#shared/log.ts';
import { parseMessage } from '#shared/sqs/message.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';

export type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
type Way = (client: DynamoDBClient, tableName: string) => Handler;

const TIME_ZONE = 'America/Mexico_City';
const silent: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** The worker as it is deployed, but that its outcomes go nowhere. */
const setWise: Way = (client, tableName) =>
  slaErrorsWorker(
    {
      openBreaches: dynamoDbSlaBreaches(tableName, { client, pause, random: Math.random }),
      bus: { publish: () => Promise.resolve() },
      clock: systemClock,
      timeZone: TIME_ZONE,
    },
    { queue: fakeQueueMessages(), clock: systemClock, log: silent, random: Math.random },
  );

/** What one writes first: the same items, each put if it is absent, all of a batch at once. */
const onePutPerFile: Way = (client, tableName) => {
  const record = async (sqsRecord: SQSRecord) => {
    const { message } = parseMessage(sqsRecord, SlaErrorSubmitted);
    await Promise.all(
      message.detail.files.map((file) => {
        const breach = toSlaBreach(file, message, TIME_ZONE)!;
        return client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: breachToItem(breach, breach.reportedAt),
            ConditionExpression: 'attribute_not_exists(ErrorID)',
          }),
        );
      }),
    );
  };
  return (event) =>
    processPartialResponse(event, record, new BatchProcessor(EventType.SQS), {
      throwOnFullBatchFailure: false,
    });
};

/** The worker repeats by itself what fails; the other way leaves it to the SDK (its default: 3). */
export const MAX_ATTEMPTS = { 'set-wise': 1, 'one put per file': 3 };

export const WAYS = { 'set-wise': setWise, 'one put per file': onePutPerFile };
export type WayName = keyof typeof WAYS;
