import type { Deadline } from '#shared/clock.ts';
import { affectedOfOld } from '#shared/sla/old-breach.ts';
import type { Look, Progress } from '#shared/sla/predecessor.ts';
import type { Dependencies } from './dependencies.ts';

/** A look is begun only with so much time: its reads and writes, with some repetitions, and a save. */
const LOOK_MS = 20_000;
/** Of the keys that a line of the log names. */
const NAMED_KEYS = 20;

const NOTHING_YET: Progress = {
  after: undefined,
  done: false,
  looked: 0,
  filled: 0,
  left: 0,
  version: 0,
};

export interface Run {
  /** Begins anew: the predecessor may have stored more behind the last look. */
  readonly again: boolean;
  /** Only looks whether the table has what is worked with. */
  readonly check?: boolean;
  readonly deadline: Deadline;
}

export type Backfilled = Pick<Progress, 'done' | 'looked' | 'filled' | 'left'>;

/**
 * Goes through the table that was taken over and gives old items what search needs, as far as the
 * time of one invocation goes; the next goes on from there, and none does anything after the end.
 *
 * @returns how far all runs together have come.
 * @throws {@link ConfigurationError} the table lacks a key or an index, or we may not use it.
 * @throws {@link DependencyUnavailableError} the store is away or throttles; the next run goes on.
 * @remarks Safe to call twice, also at once: no attribute that an item has is lost, and a run that
 *   dies between writing and saving lets the next one look at the same items again.
 */
export async function backfillSlaErrors(
  { again, check = false, deadline }: Run,
  dependencies: Dependencies,
): Promise<Backfilled> {
  const { table, progress } = dependencies;
  if (check) await table.check();
  const known = (await progress.read()) ?? NOTHING_YET;
  let state = again ? { ...NOTHING_YET, version: known.version } : known;
  if (state.done || check) return countsOf(state);
  try {
    await table.check();
    let isOvertaken = false;
    while (!state.done && !isOvertaken && deadline.remainingMs() > LOOK_MS) {
      const reached = await lookOn(state, deadline, dependencies);
      isOvertaken = (await progress.save(reached)) === 'overtaken';
      state = isOvertaken ? state : reached;
    }
  } finally {
    // A look that fails takes nothing from those before it.
    tellReached(state, dependencies);
  }
  return countsOf(state);
}

async function lookOn(
  before: Progress,
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<Progress> {
  const { table, timeZone } = dependencies;
  const look = await table.fillNext({
    after: before.after,
    affectedOf: (old) => affectedOfOld(old, timeZone),
    deadline,
  });
  tellLeft(look, dependencies);
  return afterLook(before, look);
}

function tellReached(state: Progress, { metrics, log }: Dependencies): void {
  metrics.gauge('OldSlaErrorsFilled', state.filled);
  metrics.gauge('OldSlaErrorsLeft', state.left);
  log.info('backfilled', countsOf(state));
}

function afterLook(before: Progress, { looked, filled, left, next }: Look): Progress {
  return {
    after: next,
    done: next === undefined,
    looked: before.looked + looked,
    filled: before.filled + filled,
    left: before.left + left.length,
    version: before.version + 1,
  };
}

function tellLeft({ left }: Look, { log }: Dependencies): void {
  if (left.length === 0) return;
  const errorIds = left.slice(0, NAMED_KEYS).join(' ');
  log.warn('items-left', { count: left.length, errorIds });
}

function countsOf({ done, looked, filled, left }: Progress): Backfilled {
  return { done, looked, filled, left };
}
