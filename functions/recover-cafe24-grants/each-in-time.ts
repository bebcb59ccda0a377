import type { Deadline } from '#shared/clock.ts';
import {
  ConfigurationError,
  DependencyUnavailableError,
  PublishFailedError,
} from '#shared/errors.ts';
import { errorField, type Log } from '#shared/log.ts';
import { mayBeOneRows } from '#shared/postgres/postgres-errors.ts';
import { wavesOf, type Chains } from './waves.ts';

/** No item, and no wave of them, takes longer; with less left, the next run goes on. */
const ITEM_MS = 5_000;

/**
 * Finds items and works on each, one by one or in waves; counts what was done. It does not go on when
 * what it needs is away, or no time is left.
 */
export type Each = <Item>(
  find: () => Promise<readonly Item[]>,
  work: (item: Item) => Promise<unknown>,
  chains?: Chains<Item>,
) => Promise<Tally & { readonly goesOn: boolean }>;

export interface Step {
  readonly name: 'installed' | 'settled' | 'announced' | 'expired' | 'published' | 'pruned';
  readonly run: (each: Each) => Promise<Tally>;
}

export interface Tally {
  readonly done: number;
  readonly failed: number;
}

/**
 * Runs the steps one after another. An item that fails is logged, and holds up those of its chain
 * alone; but a wave that fails as a whole because what it needs is away ends its step, since what
 * follows would fail alike. The other steps run in any case.
 */
export async function eachInTime(
  steps: readonly Step[],
  { deadline, log }: { readonly deadline: Deadline; readonly log: Log },
): Promise<Readonly<Record<Step['name'], number>> & { readonly failed: number }> {
  const counts = { installed: 0, settled: 0, announced: 0, expired: 0, published: 0, pruned: 0 };
  let failures = 0;
  for (const { name, run } of steps) {
    const { done, failed } = await run(eachOf(name, { deadline, log }));
    counts[name] = done;
    failures += failed;
  }
  return { ...counts, failed: failures };
}

function eachOf(
  step: Step['name'],
  { deadline, log }: { readonly deadline: Deadline; readonly log: Log },
): Each {
  return async (find, work, chains) => {
    const tally = { done: 0, failed: 0 };
    const fail = (error: unknown) => {
      tally.failed += 1;
      log.error('recovery-step-failed', { step, done: tally.done, ...errorField(error) });
    };
    const note = <Item>(wave: readonly Item[], ends: readonly PromiseSettledResult<unknown>[]) => {
      const failures = ends.filter((end) => end.status === 'rejected');
      tally.done += ends.length - failures.length;
      for (const { reason } of failures) fail(reason);
      const failed = wave.filter((_, at) => ends[at]?.status === 'rejected');
      const isAway = failures.some(({ reason }) => endsStep(step, reason));
      return { failed, goesOn: !isAway || failures.length < ends.length };
    };
    let goesOn = true;
    try {
      const waves = wavesOf(await find(), chains);
      let wave = waves.next();
      while (goesOn && wave.done !== true && deadline.remainingMs() >= ITEM_MS) {
        const noted = note(wave.value, await Promise.allSettled(wave.value.map(work)));
        goesOn = noted.goesOn;
        wave = waves.next(noted.failed);
      }
    } catch (error) {
      fail(error);
      goesOn = false;
    }
    return { ...tally, goesOn: goesOn && deadline.remainingMs() >= ITEM_MS };
  };
}

function endsStep(step: Step['name'], error: unknown): boolean {
  // Somebody keeps its row locked, say: the next item has another.
  if (mayBeOneRows(error)) return false;
  return (
    (step === 'published' && error instanceof PublishFailedError) ||
    error instanceof DependencyUnavailableError ||
    error instanceof ConfigurationError
  );
}
