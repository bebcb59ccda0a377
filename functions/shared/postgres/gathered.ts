import DataLoader from 'dataloader';
import { isDeadlock, mayBeOneRows } from './postgres-errors.ts';

/** Decides when those that have gathered go; it must not call back at once. */
export type Gather = (go: () => void) => void;

/** The records of a batch reach the same step within a few milliseconds of each other. */
export const gatherFor2Ms: Gather = (go) => {
  setTimeout(go, 2);
};

/** For what nobody waits for: fewer statements are worth more than a few milliseconds. */
export const gatherFor25Ms: Gather = (go) => {
  setTimeout(go, 25);
};

const DEADLOCK_TRIES = 3;

/**
 * Makes one statement (or transaction) of calls that come together; each call has its own end.
 *
 * A statement that loses a deadlock is repeated. One that fails otherwise is repeated call by call,
 * so that an unwritable row harms nobody, unless the database as a whole is away.
 *
 * @param runTogether a result or an error for each call, in their order. It must not have had any
 *   effect when it throws, or be safe to repeat.
 */
export function gathered<Call, Result>(
  runTogether: (calls: readonly Call[]) => Promise<readonly (Result | Error)[]>,
  gather: Gather,
): (call: Call) => Promise<Result> {
  const runAll = async (calls: readonly Call[]): Promise<readonly (Result | Error)[]> => {
    try {
      return await repeatingDeadlocks(() => runTogether(calls));
    } catch (error) {
      if (calls.length === 1 || !mayBeOneRows(error)) return calls.map(() => asError(error));
      const alone = await Promise.all(calls.map((call) => runAll([call])));
      return alone.flat();
    }
  };
  const loader = new DataLoader<Call, Result>(runAll, { cache: false, batchScheduleFn: gather });
  return (call) => loader.load(call);
}

async function repeatingDeadlocks<Result>(
  run: () => Promise<Result>,
  tries = DEADLOCK_TRIES,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (tries === 1 || !isDeadlock(error)) throw error;
    return await repeatingDeadlocks(run, tries - 1);
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`thrown: ${typeof thrown}`);
}
