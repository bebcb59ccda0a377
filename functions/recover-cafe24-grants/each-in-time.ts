import type { Deadline } from '#shared/clock.ts';
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
 * Runs the steps one after another. An item that fails is logged and ends its own step, since the
 * items that follow may depend on it (outcomes of one mall) or would fail alike; the other steps run.
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
    let done = 0;
    const workInTime = async (items: Awaited<ReturnType<typeof find>>) => {
      for (const item of items) {
        if (deadline.remainingMs() < ITEM_MS) break;
        await work(item);
        done += 1;
      }
    };
    try {
      await workInTime(await find());
      return { done, failed: 0 };
    } catch (error) {
      log.error('recovery-step-failed', { step, done, ...errorField(error) });
      return { done, failed: 1 };
    }
  };
}
