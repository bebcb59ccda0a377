import { setTimeout as pause } from 'node:timers/promises';

const WITHIN_MS = 60_000;
const FIRST_PAUSE_MS = 50;
/** What asks for long asks seldom: a whole log is read each time, by a LocalStack that others use too. */
const LONGEST_PAUSE_MS = 1_000;

/**
 * Asks until there is an answer.
 *
 * @param what for the error, e.g. `row of demo-mall`.
 * @throws Error there was none within 60 s (or `withinMs`); its cause is the last failure.
 */
export async function eventually<Result>(
  ask: () => Promise<Result | undefined>,
  what: string,
  withinMs = WITHIN_MS,
): Promise<Result> {
  const untilMs = Date.now() + withinMs;
  let failure: unknown;
  let pauseMs = FIRST_PAUSE_MS;
  do {
    const answer = await ask().catch((error: unknown) => {
      failure = error;
      return undefined;
    });
    if (answer !== undefined) return answer;
    await pause(pauseMs);
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.3);
  } while (Date.now() < untilMs);
  throw new Error(`Nothing came within ${withinMs / 1000} s: ${what}.`, { cause: failure });
}
