import { errorField } from '../log.ts';
import type { LeasedTurn } from './obtain-grant.ts';

const PAUSE_MS = 200;
/** With less left no further try begins. */
const LAST_TRY_MS = 1_000;
/** For the answer, after a try that hung. */
const ANSWER_MS = 500;

/**
 * Repeats what an attempt needs for its end, until it is done or the invocation ends: what ClaroShop
 * answered exists nowhere else, and whoever settles the attempt later can only call it abandoned.
 *
 * @param work heeds the signal: a try that hangs ends before the invocation does, so that the caller is
 *   answered.
 * @throws what the last try threw.
 */
export async function untilDone<Result>(
  turn: LeasedTurn,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work(signalFor(turn));
    } catch (error) {
      throwIfLate(error, turn);
    }
    await turn.dependencies.pause(PAUSE_MS);
  }
}

function signalFor({ context }: LeasedTurn): AbortSignal {
  return AbortSignal.timeout(Math.max(0, Math.floor(context.deadline.remainingMs() - ANSWER_MS)));
}

function throwIfLate(error: unknown, { attempt, context }: LeasedTurn): void {
  if (context.deadline.remainingMs() < LAST_TRY_MS) throw error;
  const { attemptId } = attempt;
  context.log.warn('attempt-not-ended-yet', { attemptId, ...errorField(error) });
}
