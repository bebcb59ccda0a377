import DataLoader from 'dataloader';
import { errorField } from '../log.ts';
import { isDeadlock, isLockTimeout, isOfOneRow, mayBeOneRows } from './postgres-errors.ts';

/**
 * Decides when those that have gathered go; it must not call back at once.
 *
 * @param underWay statements of the same kind that have not ended yet.
 */
export type Gather = (go: () => void, underWay: number) => void;

/** The records of a batch reach the same step within a few milliseconds of each other. */
export const gatherFor2Ms: Gather = (go) => {
  setTimeout(go, 2);
};

/**
 * For grants, which are unsaved while they wait: the first goes at once, and only beside a statement
 * that is under way others gather for 2 ms.
 */
export const gatherBesideOthers: Gather = (go, underWay) => {
  (underWay === 0 ? gatherAtOnce : gatherFor2Ms)(go, underWay);
};

/** For what nobody waits for: fewer statements are worth more than a few milliseconds. */
export const gatherFor25Ms: Gather = (go) => {
  setTimeout(go, 25);
};

/** For who asks for one thing after another: nobody else comes while he waits. */
export const gatherAtOnce: Gather = (go) => {
  setImmediate(go);
};

/** How calls are repeated whose statement failed. */
export interface Repetition {
  /** How often they are tried together while they lose deadlocks. */
  readonly triesPerDeadlock: number;
  /** Whether each of them is tried once more, alone. */
  readonly isAloneWorthIt: (error: unknown, calls: number) => boolean;
}

/**
 * For statements that have the time: together after a deadlock, then alone whatever may be one row's
 * doing. After a lock's time-out also a single call is tried once more: our lock time-out ends
 * sooner than Postgres looks for deadlocks, so that it may have been one.
 */
const PATIENTLY: Repetition = {
  triesPerDeadlock: 3,
  isAloneWorthIt: (error, calls) => isLockTimeout(error) || (calls > 1 && mayBeOneRows(error)),
};

/**
 * For statements whose caller repeats them by itself, alone, and has no time to lose: only when a
 * row was refused, which says at once that the others can go without it.
 */
export const WITHOUT_THE_REFUSED: Repetition = {
  triesPerDeadlock: 1,
  isAloneWorthIt: (error, calls) => calls > 1 && isOfOneRow(error),
};

/**
 * Makes one statement (or transaction) of calls that come together; each call has its own end. One
 * that fails is repeated as `repetition` says, so that an unwritable row harms nobody; never when
 * the database as a whole is away.
 *
 * @param runTogether a result or an error for each call, in their order. It must not have had any
 *   effect when it throws, or be safe to repeat.
 */
export function gathered<Call, Result>(
  runTogether: (calls: readonly Call[]) => Promise<readonly (Result | Error)[]>,
  gather: Gather,
  { triesPerDeadlock, isAloneWorthIt }: Repetition = PATIENTLY,
): (call: Call) => Promise<Result> {
  let underWay = 0;
  const run = (calls: readonly Call[]) =>
    repeatingDeadlocks(() => runTogether(calls), triesPerDeadlock);
  const runAlone = async (call: Call): Promise<readonly (Result | Error)[]> =>
    run([call]).catch((error: unknown) => [errorField(error).error]);
  const runAll = async (calls: readonly Call[]): Promise<readonly (Result | Error)[]> => {
    try {
      return await run(calls);
    } catch (error) {
      if (!isAloneWorthIt(error, calls.length)) return calls.map(() => errorField(error).error);
      return (await Promise.all(calls.map(runAlone))).flat();
    }
  };
  const runCounted = (calls: readonly Call[]) => {
    underWay += 1;
    return runAll(calls).finally(() => (underWay -= 1));
  };
  const loader = new DataLoader<Call, Result>(runCounted, {
    cache: false,
    batchScheduleFn: (go) => {
      gather(go, underWay);
    },
  });
  return (call) => loader.load(call);
}

async function repeatingDeadlocks<Result>(
  run: () => Promise<Result>,
  tries: number,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (tries === 1 || !isDeadlock(error)) throw error;
    return await repeatingDeadlocks(run, tries - 1);
  }
}
