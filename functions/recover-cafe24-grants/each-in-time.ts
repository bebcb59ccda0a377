import type { Deadline } from '#shared/clock.ts';
import { ConfigurationError, DependencyUnavailableError } from '#shared/errors.ts';
import { errorField, type Log } from '#shared/log.ts';

/** No single item takes longer; with less left, the next run goes on. */
const ITEM_MS = 5_000;

/** Finds items and works on each; counts what was done. */
export type Each = <Item>(
  find: () => Promise<readonly Item[]>,
  work: (item: Item) => Promise<unknown>,
) => Promise<Tally>;

export interface Step {
  readonly name: 'installed' | 'settled' | 'announced' | 'expired' | 'published' | 'pruned';
  readonly run: (each: Each) => Promise<Tally>;
}

interface Tally {
  readonly done: number;
  readonly failed: number;
}

/**
 * Runs the steps one after another. An item that fails is logged. It ends its own step where the
 * items that follow would fail alike (what it needs is away) or depend on it (outcomes of one mall);
 * else they have their turn. The other steps run in any case.
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
  return async (find, work) => {
    const tally = { done: 0, failed: 0 };
    const fail = (error: unknown) => {
      tally.failed += 1;
      log.error('recovery-step-failed', { step, done: tally.done, ...errorField(error) });
    };
    const inTime = async (workOnItem: () => Promise<unknown>) => {
      if (deadline.remainingMs() < ITEM_MS) return;
      try {
        await workOnItem();
        tally.done += 1;
      } catch (error) {
        if (endsStep(step, error)) throw error;
        fail(error);
      }
    };
    try {
      for (const item of await find()) await inTime(() => work(item));
    } catch (error) {
      fail(error);
    }
    return tally;
  };
}

function endsStep(step: Step['name'], error: unknown): boolean {
  return (
    step === 'published' ||
    error instanceof DependencyUnavailableError ||
    error instanceof ConfigurationError
  );
}
