import {
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { LONGEST_TRY_MS } from '../aws-client.ts';
import type { Deadline } from '../clock.ts';
import { DependencyRefusedError, DependencyUnavailableError } from '../errors.ts';
import { callError, statementEnd, type StatementEnd } from './dynamodb-errors.ts';

/** Quota of BatchExecuteStatement (API reference, read 2026-11). */
const MAX_STATEMENTS = 25;
/** Enough to keep a table busy; its throttling, not this, is what should slow a batch down. */
const CALLS_AT_ONCE = 8;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

export interface ExecutionMeans {
  readonly client: DynamoDBClient;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Draws from [0, 1). */
  readonly random: () => number;
}

/** How long statements may be tried. */
export interface Allowance {
  readonly deadline: Deadline;
  /** Milliseconds before the deadline that the caller needs for what comes after. */
  readonly reserveMs: number;
}

/** Writes by the key that each names: DynamoDB refuses a call that names a key twice. */
export type Statements = ReadonlyMap<string, BatchStatementRequest>;

type Entry = readonly [key: string, statement: BatchStatementRequest];

/**
 * Executes writes, 25 a call, and repeats those that DynamoDB throttled or failed, each round after
 * a longer pause and with half as many calls at once, as long as there is time for one more call.
 *
 * @returns by key how each statement ended. Never throws: every statement has its own end, and one
 *   that there was no time for ends as unavailable.
 */
export async function executeStatements(
  statements: Statements,
  { deadline, reserveMs }: Allowance,
  means: ExecutionMeans,
): Promise<ReadonlyMap<string, StatementEnd>> {
  const ends = new Map<string, StatementEnd>();
  const hasTime = (pauseMs = 0) => deadline.remainingMs() >= pauseMs + LONGEST_TRY_MS + reserveMs;
  const execute = async (entries: readonly Entry[]) => {
    const called = hasTime() ? await call(entries, means.client) : allOf(entries, outOfTime());
    for (const [key, end] of called) ends.set(key, end);
  };

  let waiting: readonly Entry[] = [...statements];
  let longestMs = FIRST_PAUSE_MS;
  let callsAtOnce = CALLS_AT_ONCE;
  for (;;) {
    await inParallel(chunksOf(MAX_STATEMENTS, waiting), { atOnce: callsAtOnce, work: execute });
    waiting = waiting.filter(([key]) => ends.get(key) instanceof DependencyUnavailableError);
    const pauseMs = (longestMs * (1 + means.random())) / 2;
    if (waiting.length === 0 || !hasTime(pauseMs)) return ends;
    await means.pause(pauseMs);
    longestMs = Math.min(2 * longestMs, LONGEST_PAUSE_MS);
    // Calls that timed out are still being worked on: as many again could keep a slow table busy
    // with what nobody waits for.
    callsAtOnce = Math.ceil(callsAtOnce / 2);
  }
}

type Ended = readonly (readonly [key: string, end: StatementEnd])[];

async function call(entries: readonly Entry[], client: DynamoDBClient): Promise<Ended> {
  try {
    const Statements = entries.map(([, statement]) => statement);
    const { Responses = [] } = await client.send(new BatchExecuteStatementCommand({ Statements }));
    return entries.map(([key], index) => [key, statementEnd(Responses[index])]);
  } catch (thrown) {
    const error = callError(thrown);
    // One statement may have spoilt the call for all: alone, each meets its own end.
    if (error instanceof DependencyRefusedError && entries.length > 1) {
      return (await Promise.all(entries.map((entry) => call([entry], client)))).flat();
    }
    return allOf(entries, error);
  }
}

function allOf(entries: readonly Entry[], end: StatementEnd): Ended {
  return entries.map(([key]) => [key, end]);
}

interface Parallel<Item> {
  readonly atOnce: number;
  readonly work: (item: Item) => Promise<void>;
}

async function inParallel<Item>(
  items: readonly Item[],
  { atOnce, work }: Parallel<Item>,
): Promise<void> {
  const queue = items.values();
  const workOff = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, workOff));
}

function chunksOf<Item>(size: number, items: readonly Item[]): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, n) => items.slice(n * size, (n + 1) * size));
}

function outOfTime(): DependencyUnavailableError {
  return new DependencyUnavailableError('no-time-left', 'No time was left to write.');
}
