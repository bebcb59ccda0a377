import type { Deadline } from '../clock.ts';
import { DependencyUnavailableError } from '../errors.ts';

/** PutParameter is a few per second per account: pauses grow from 0.1 to 2 s. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const MOST_TRIES = 8;
/** For the call itself and for what comes after it. */
const RESERVE_MS = 4_000;

export interface Patience {
  readonly deadline: Deadline;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Draws from [0, 1): writers that were refused together must not come back together. */
  readonly random: () => number;
  /** Without it 8. */
  readonly mostTries?: number;
}

/**
 * Repeats a call that was throttled or not answered (`TooManyUpdates`, which the SDK does not
 * repeat, among it), as often as patience has it, within the deadline.
 *
 * @throws what the last try threw; at once what will never succeed.
 */
export async function patiently<Result>(
  call: () => Promise<Result>,
  patience: Patience,
): Promise<Result> {
  let longestMs = FIRST_PAUSE_MS;
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      throwIfHopeless(error, tries, {
        ...patience,
        leftMs: patience.deadline.remainingMs() - longestMs,
      });
    }
    await patience.pause((longestMs * (1 + patience.random())) / 2);
    longestMs = Math.min(2 * longestMs, LONGEST_PAUSE_MS);
  }
}

function throwIfHopeless(
  error: unknown,
  tries: number,
  { mostTries = MOST_TRIES, leftMs }: Pick<Patience, 'mostTries'> & { readonly leftMs: number },
): void {
  const mayPass = error instanceof DependencyUnavailableError;
  if (!mayPass || tries === mostTries || leftMs < RESERVE_MS) throw error;
}
