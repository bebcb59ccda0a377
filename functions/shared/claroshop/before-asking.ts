import { DependencyUnavailableError } from '../errors.ts';
import type { LeasedTurn } from './obtain-grant.ts';

/** Does what comes before the provider is asked. If it fails, others need not wait for the lease's end. */
export async function beforeAsking<Result>(
  { attempt, attempts }: LeasedTurn,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await attempts.giveBack(attempt.attemptId).catch(() => undefined);
    throw error;
  }
}

/**
 * Says what the attempt is about, right before the provider is asked.
 *
 * @throws {@link DependencyUnavailableError} (retry) the store is away, or the lease went to somebody
 *   else or is over: nobody may be asked any more.
 */
export async function declare(turn: LeasedTurn): Promise<void> {
  const { attempt, attempts } = turn;
  if (!(await beforeAsking(turn, () => attempts.declare(attempt)))) throw leaseLost(turn);
}

export function leaseLost({ attempt }: LeasedTurn): DependencyUnavailableError {
  const message = `Attempt ${attempt.attemptId} has lost its lease.`;
  return new DependencyUnavailableError('lease-lost', message);
}
