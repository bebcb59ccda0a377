import { setTimeout as pause } from 'node:timers/promises';

const WITHIN_MS = 60_000;
const EVERY_MS = 50;

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
  do {
    const answer = await ask().catch((error: unknown) => {
      failure = error;
      return undefined;
    });
    if (answer !== undefined) return answer;
    await pause(EVERY_MS);
  } while (Date.now() < untilMs);
  throw new Error(`Nothing came within ${withinMs / 1000} s: ${what}.`, { cause: failure });
}
