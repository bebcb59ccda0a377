import { settings } from '#functions/record-sla-errors/settings.ts';
import { lambdaContext } from '#test/support/lambda-context.ts';
import { sqsRecord } from '#test/support/sqs-records.ts';
import { createSlaTable, localDynamoDb } from '#test/support/sla-table.ts';
import { MAX_ATTEMPTS, WAYS, type Handler, type WayName } from './recording-ways.ts';

/** What one process is to measure. */
export interface Measurement {
  readonly endpointUrl: string;
  /** What answers there. */
  readonly store: string;
  readonly way: WayName;
  readonly files: number;
  readonly filesPerMessage: number;
}

export interface Figures extends Omit<Measurement, 'endpointUrl'> {
  readonly calls: number;
  readonly seconds: number;
  readonly filesPerSecond: number;
  readonly cpuMicrosecondsPerFile: number;
  readonly highestMemoryMegabytes: number;
}

const WARM_UP_FILES = 500;

/** Records files in batches of the function's size, in a table of its own; warms up before. */
export async function measureRecording(measurement: Measurement): Promise<Figures> {
  const { endpointUrl, ...what } = measurement;
  const { way, files, filesPerMessage } = what;
  const client = localDynamoDb(endpointUrl, MAX_ATTEMPTS[way]);
  const table = await createSlaTable(client);
  const handler = WAYS[way](client, table.tableName);
  await recordAll(handler, batchesOf('warm-up', WARM_UP_FILES, filesPerMessage));

  let calls = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      calls += 1;
      return next(args);
    },
    { step: 'deserialize' },
  );
  const batches = batchesOf('file', files, filesPerMessage);
  const cpu = process.cpuUsage();
  const beganMs = performance.now();
  await recordAll(handler, batches);
  const seconds = (performance.now() - beganMs) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const figures = {
    ...what,
    calls,
    seconds,
    filesPerSecond: files / seconds,
    cpuMicrosecondsPerFile: (user + system) / files,
    highestMemoryMegabytes: process.resourceUsage().maxRSS / 1_024,
  };
  await table.drop();
  client.destroy();
  return figures;
}

async function recordAll(handler: Handler, batches: ReturnType<typeof batchesOf>): Promise<void> {
  for (const Records of batches) {
    const answer = await handler(
      { Records },
      lambdaContext(() => settings.timeoutSeconds * 1_000),
    );
    if (answer.batchItemFailures.length > 0) throw new Error('A message was not recorded.');
  }
}

function batchesOf(name: string, files: number, filesPerMessage: number) {
  const messages = chunk(
    filesPerMessage,
    Array.from({ length: files }, (_, n) => n),
  ).map((numbers) =>
    sqsRecord({ body: { files: numbers.map((n) => fileOf(`${name}-${String(n)}`)) } }),
  );
  return chunk(settings.batchSize, messages);
}

function fileOf(name: string) {
  return {
    folder: 'C:\\transit\\in\\customer-0042\\invoices',
    filename: `${name}-2024-06-15-192525.csv`,
    sla: 60,
    creationDate: '2024-06-15T19:25:25.1234567-05:00',
  };
}

function chunk<Item>(size: number, items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, n) => items.slice(n * size, (n + 1) * size));
}
