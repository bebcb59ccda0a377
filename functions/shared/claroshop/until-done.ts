import { errorField } from '../log.ts';
import type { LeasedTurn } from './obtain-grant.ts';

const PAUSE_MS = 200;
const RESERVE_MS = 1_000;

/**
 * Repeats what an attempt needs for its end, until it is done or the invocation ends: what ClaroShop
 * answered exists nowhere else, and whoever settles the attempt later can only call it abandoned.
 *
 * @throws what the last try threw.
 */
export async function untilDone<Result>(
  turn: LeasedTurn,
  work: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      throwIfLate(error, turn);
    }
    await turn.dependencies.pause(PAUSE_MS);
  }
}

function throwIfLate(error: unknown, { attempt, context }: LeasedTurn): void {
  if (context.deadline.remainingMs() < RESERVE_MS) throw error;
  const { attemptId } = attempt;
  context.log.warn('attempt-not-ended-yet', { attemptId, ...errorField(error) });
}
