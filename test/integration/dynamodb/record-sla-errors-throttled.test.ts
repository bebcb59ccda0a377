import { paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { SlaErrorsRecorded } from '#events/sla-errors-recorded.ts';
import { slaErrorsWorker } from '#functions/record-sla-errors/worker.ts';
import { systemClock } from '#shared/clock.ts';
import { dynamoDbSlaBreaches } from '#shared/dynamodb/sla-breaches.ts';
import { itemToBreach } from '#shared/dynamodb/sla-item.ts';
import { randomOf } from '#test/crash/random.ts';
import { startDynamoDbProxy, type Fault } from '#test/support/dynamodb-proxy.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { createSlaTable, localDynamoDb } from '#test/support/sla-table.ts';
import { lambdaContext } from '#test/support/lambda-context.ts';
import { sqsRecord } from '#test/support/sqs-records.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const MESSAGES_A_MINUTE = 20;
const REPORTS_A_FILE = 3;
const FILES_A_MESSAGE = 15;
const FILES = MESSAGES_A_MINUTE * FILES_A_MESSAGE;
const MAX_INVOCATIONS = 200;
const SINCE_MS = Date.parse('2024-06-15T21:00:00.000Z');

const { endpointUrl } = inject('localAws');
const client = localDynamoDb(endpointUrl);
let table: Awaited<ReturnType<typeof createSlaTable>>;
beforeAll(async () => {
  table = await createSlaTable(client);
});
afterAll(async () => {
  await table.drop();
  client.destroy();
});

/** Of ten calls three are throttled in part, two as a whole, one loses its answer. */
function faults(random: () => number): (statements: number) => Fault | undefined {
  return (statements) => {
    const chance = random();
    if (chance < 0.1) return { lostAnswer: true };
    if (chance < 0.3) return { exception: 'ProvisionedThroughputExceededException' };
    const positions = Array.from({ length: statements }, (_, n) => n).filter(() => random() < 0.5);
    return chance < 0.6 ? { code: 'ThrottlingError', positions } : undefined;
  };
}

/** Every file is reported three times, a minute apart; the messages come in any order. */
function messages(random: () => number) {
  return Array.from({ length: REPORTS_A_FILE * MESSAGES_A_MINUTE }, (_, n) => {
    const minute = Math.floor(n / MESSAGES_A_MINUTE);
    const first = (n % MESSAGES_A_MINUTE) * FILES_A_MESSAGE;
    const files = Array.from({ length: FILES_A_MESSAGE }, (__, index) => ({
      ...{ folder: 'C:\\transit', filename: `file-${String(first + index)}.csv`, sla: 60 },
      creationDate: '2024-06-15T19:25:25Z',
    }));
    const submittedAt = new Date(SINCE_MS + minute * 60_000).toISOString();
    return { record: sqsRecord({ body: { submittedAt, files } }), order: random() };
  })
    .sort((a, b) => a.order - b.order)
    .map(({ record }) => record);
}

test(`where DynamoDB throttles and loses answers, nothing is lost and nothing doubled (SEED=${String(SEED)})`, async () => {
  const seeded = randomOf(SEED);
  const random = () => seeded.next();
  const faultOf = faults(random);
  const proxy = await startDynamoDbProxy(endpointUrl, ({ statements }) =>
    faultOf(statements.length),
  );
  const told = new Map<string, SlaErrorsRecorded>();
  const queue = fakeQueueMessages();
  const own = localDynamoDb(proxy.endpointUrl);
  const handle = slaErrorsWorker(
    {
      openBreaches: dynamoDbSlaBreaches(table.tableName, {
        client: own,
        pause: () => Promise.resolve(),
        random,
      }),
      bus: {
        publish: ({ detail }) => {
          const event = SlaErrorsRecorded.schema.parse(detail);
          told.set(event.metadata?.causationId ?? '', event);
          return Promise.resolve();
        },
      },
      clock: systemClock,
      timeZone: 'UTC',
    },
    { queue, clock: systemClock, log: recordingLog(), random },
  );

  let waiting = messages(random);
  const sent = waiting.length;
  let invocations = 0;
  let kept = 0;
  while (waiting.length > 0 && invocations++ < MAX_INVOCATIONS) {
    // Little time, so that many messages are given back to the queue unfinished.
    let remainingMs = 18_000;
    const { batchItemFailures } = await handle(
      { Records: waiting.slice(0, 10) },
      lambdaContext(() => (remainingMs -= 250)),
    );
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    kept += failed.size;
    waiting = [
      ...waiting.slice(10),
      ...waiting.slice(0, 10).filter(({ messageId }) => failed.has(messageId)),
    ];
  }
  own.destroy();
  await proxy.stop();

  expect(waiting).toEqual([]);
  expect(kept).toBeGreaterThan(0);
  expect(queue.rejected).toEqual([]);
  const stored = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table.tableName })) {
    stored.push(...Items.map((item) => itemToBreach(item)!));
  }
  expect(stored).toHaveLength(FILES);
  expect(new Set(stored.map(({ filename }) => filename)).size).toBe(FILES);
  const last = new Date(SINCE_MS + (REPORTS_A_FILE - 1) * 60_000).toISOString();
  expect(new Set(stored.map(({ lastReportedAt }) => lastReportedAt))).toEqual(new Set([last]));
  const counts = [...told.values()];
  expect(counts).toHaveLength(sent);
  const sum = (of: (event: SlaErrorsRecorded) => number) =>
    counts.reduce((total, event) => total + of(event), 0);
  expect(sum(({ recorded, duplicates }) => recorded + duplicates)).toBe(FILES * REPORTS_A_FILE);
  expect(sum(({ recorded }) => recorded)).toBeLessThanOrEqual(FILES);
});
