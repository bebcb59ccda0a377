import { z } from 'zod';
import { defineEvent } from '#events/define-event.ts';
import { settings as exchangeCafe24Code } from '#functions/exchange-cafe24-code/settings.ts';
import { settings as recordSlaErrors } from '#functions/record-sla-errors/settings.ts';
import { settings as refreshCafe24Token } from '#functions/refresh-cafe24-token/settings.ts';
import { settings as refreshClaroshopToken } from '#functions/refresh-claroshop-token/settings.ts';
import type { Deadline } from '#shared/clock.ts';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { TIME_TO_ATTEMPT_MS, TIME_TO_SAVE_MS } from '#shared/grants/timing.ts';
import type { Log } from '#shared/log.ts';
import { queueWorker } from '#shared/sqs/worker.ts';
import { synthesize } from './synthesized-stack.ts';
import { VirtualQueue, type End, type QueueSetting } from './virtual-queue.ts';
import { VirtualTime } from './virtual-time.ts';

const attempt = { timeToStartMs: TIME_TO_ATTEMPT_MS, leftMs: TIME_TO_SAVE_MS };

/** The product's queues; `leftMs` is what work that tries to the end leaves of an invocation. */
export const QUEUES = [
  { ...exchangeCafe24Code, ...attempt },
  { ...refreshCafe24Token, ...attempt },
  { ...refreshClaroshopToken, ...attempt },
  { ...recordSlaErrors, timeToStartMs: 15_000, leftMs: 9_000 },
] as const;
export type Queue = (typeof QUEUES)[number];

export interface Outage {
  /** Messages that lie in the queue when the outage begins. */
  readonly backlog: number;
  readonly seconds: number;
  /** How long it takes work to fail; all the time that it is given, if not said. */
  readonly failingMs?: number;
  /** Work on this parcel never ends, and takes its process with it. */
  readonly killer?: string;
  /** What SQS and Lambda do beside; the age is that of all messages. */
  readonly weather?: (queue: VirtualQueue, ageSeconds: () => number) => void;
  /** Of all that is drawn; 1, if not said. */
  readonly seed?: number;
}

const ParcelSent = defineEvent('ParcelSent', z.object({ parcelId: z.string() }));
const stack = synthesize();

/** @returns how each message ended, in virtual time, under the real worker, with the real settings. */
export async function endsOf(queue: Queue, outage: Outage): Promise<ReadonlyMap<string, End>> {
  const time = new VirtualTime();
  const random = randomFrom(outage.seed ?? 1);
  const sentMs = time.nowMs;
  const sqs = new VirtualQueue(deployed(queue), { time, random });
  outage.weather?.(sqs, () => (time.nowMs - sentMs) / 1_000);
  for (let n = 0; n < outage.backlog; n++) sqs.send(`parcel-${n}`, { parcelId: `parcel-${n}` });
  const { retry, timeToStartMs } = queue;
  const work = workDuring(outage, { time, leftMs: queue.leftMs });
  const dependencies = { clock: () => new Date(time.nowMs), log: SILENT, random };
  sqs.consume((port) =>
    queueWorker(
      {
        ...{ event: ParcelSent, retry, timeToStartMs },
        work: ({ detail }, { deadline }) => work(detail.parcelId, deadline),
      },
      { ...dependencies, queue: port },
    ),
  );
  await time.run(() => sqs.remaining === 0);
  return sqs.ends;
}

function workDuring(
  { seconds, failingMs, killer }: Outage,
  { time, leftMs }: { readonly time: VirtualTime; readonly leftMs: number },
) {
  const overMs = time.nowMs + seconds * 1_000;
  return async (parcelId: string, deadline: Deadline): Promise<string> => {
    if (parcelId === killer) await new Promise<never>(() => undefined);
    if (time.nowMs >= overMs) return 'delivered';
    await time.sleep(failingMs ?? Math.max(0, deadline.remainingMs() - leftMs));
    throw AWAY;
  };
}

/** As it would be deployed. */
function deployed({ name }: Queue): QueueSetting {
  const worker = stack.named('aws_lambda_function', `tokenline-${name}`);
  const queue = stack.named('aws_sqs_queue', `tokenline-${name}`);
  const mapping = stack
    .all('aws_lambda_event_source_mapping')
    .find(({ function_name }) => stack.referredBy(function_name) === worker)!;
  const redrive = JSON.parse(queue.redrive_policy) as { readonly maxReceiveCount: number };
  return {
    batchSize: mapping.batch_size,
    batchingWindowSeconds: mapping.maximum_batching_window_in_seconds,
    maximumConcurrency: mapping.scaling_config.maximum_concurrency,
    timeoutSeconds: worker.timeout,
    visibilityTimeoutSeconds: queue.visibility_timeout_seconds,
    maxReceiveCount: redrive.maxReceiveCount,
  };
}

/** The same for all: to collect so many stacks would take longer than all else. */
const AWAY = new DependencyUnavailableError('table-unavailable', 'The table is away.');

/** Half a million lines, and nobody reads them. */
const SILENT: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
};

/** The same draws in each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
