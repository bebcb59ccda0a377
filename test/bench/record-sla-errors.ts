/**
 * Records files set-wise beside one PutItem per file through plain Powertools, each in a process of
 * its own, in one run: in DynamoDB Local, and in a store that is never the limit. Before them, what
 * DynamoDB Local takes of bare calls: where the worker comes near that, the emulator is the limit.
 * `--json` prints the figures for machines; `--files N` (10,000 without it).
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startDynamoDbLocal } from './dynamodb-local-process.ts';
import { measureRecording, type Figures, type Measurement } from './measure-recording.ts';
import {
  BARE_CALLS,
  measureStore,
  type BareCalls,
  type StoreFigures,
  type StoreMeasurement,
} from './measure-store.ts';
import { startPromptDynamoDb } from './prompt-dynamodb.ts';

const FILES_PER_MESSAGE = [1, 10, 100];
const WAYS = ['one put per file', 'set-wise'] as const;

async function main(): Promise<void> {
  const options = { json: { type: 'boolean' }, files: { type: 'string' } } as const;
  const { json = false, files = '10000' } = parseArgs({ options }).values;
  const stores = {
    'DynamoDB Local': await startDynamoDbLocal(),
    'answers in 5 ms': await startPromptDynamoDb(),
  };
  const measurements = Object.entries(stores).flatMap(([store, { endpointUrl }]) =>
    FILES_PER_MESSAGE.flatMap((filesPerMessage) =>
      WAYS.map((way) => ({ store, endpointUrl, way, files: Number(files), filesPerMessage })),
    ),
  );
  const ceilings: StoreFigures[] = [];
  for (const way of Object.keys(BARE_CALLS) as BareCalls[]) {
    const store = 'DynamoDB Local';
    const { endpointUrl } = stores[store];
    ceilings.push(await inItsOwnProcess({ store, endpointUrl, way, files: Number(files) }));
  }
  const figures: Figures[] = [];
  for (const measurement of measurements) figures.push(await inItsOwnProcess(measurement));
  for (const { stop } of Object.values(stores)) stop();
  if (json) console.log(JSON.stringify({ ceilings, figures }, undefined, 2));
  else printTable(ceilings, figures);
}

/** Memory and CPU are those of this one way, and no way warms up another. */
function inItsOwnProcess(measurement: StoreMeasurement): Promise<StoreFigures>;
function inItsOwnProcess(measurement: Measurement): Promise<Figures>;
function inItsOwnProcess(
  measurement: Measurement | StoreMeasurement,
): Promise<Figures | StoreFigures> {
  const child = fork(fileURLToPath(import.meta.url));
  child.send(measurement);
  return new Promise<Figures & StoreFigures>((resolve, reject) => {
    child.once('message', (figures) => {
      resolve(figures as Figures & StoreFigures);
    });
    child.once('exit', (code) => {
      reject(new Error(`${JSON.stringify(measurement)} ended with code ${String(code)}.`));
    });
  });
}

function printTable(ceilings: readonly StoreFigures[], figures: readonly Figures[]): void {
  console.table(
    ceilings.map(({ store, way, calls, filesPerSecond }) => ({
      store,
      way,
      calls,
      'files/s': Math.round(filesPerSecond),
    })),
  );
  console.table(
    figures.map((row) => ({
      store: row.store,
      'files a message': row.filesPerMessage,
      way: row.way,
      calls: row.calls,
      'files/s': Math.round(row.filesPerSecond),
      'CPU µs/file': Math.round(row.cpuMicrosecondsPerFile),
      'highest MB': Math.round(row.highestMemoryMegabytes),
    })),
  );
  const [one, sets25] = ceilings.map(({ filesPerSecond }) => filesPerSecond);
  const most = ((sets25 ?? 0) / (one ?? 1)).toFixed(1);
  console.log(
    `DynamoDB Local alone takes files in calls of 25 at ${most} x the pace of single ones.`,
  );
  for (const sets of figures.filter(({ way }) => way === 'set-wise')) {
    const { store, filesPerMessage } = sets;
    const plain = figures.find(
      (one) => one !== sets && one.store === store && one.filesPerMessage === filesPerMessage,
    )!;
    const fewer = (plain.calls / sets.calls).toFixed(1);
    const faster = (sets.filesPerSecond / plain.filesPerSecond).toFixed(1);
    const where = `${store}, ${String(filesPerMessage)} files a message`;
    const ceiling = ceilings.find((it) => it.store === store && it.way === 'bare calls of 25');
    const share = ceiling && Math.round((100 * sets.filesPerSecond) / ceiling.filesPerSecond);
    const ofStore = share === undefined ? '' : `, ${String(share)} % of what the store takes`;
    console.log(`${where}: ${fewer} x fewer calls, ${faster} x the throughput${ofStore}`);
  }
}

function measure(measurement: Measurement | StoreMeasurement): Promise<Figures | StoreFigures> {
  return measurement.way in BARE_CALLS
    ? measureStore(measurement as StoreMeasurement)
    : measureRecording(measurement as Measurement);
}

if (process.send === undefined) {
  await main();
} else {
  process.once('message', (measurement) => {
    void measure(measurement as Measurement | StoreMeasurement).then((figures) =>
      process.send?.(figures, () => {
        process.exit();
      }),
    );
  });
}
