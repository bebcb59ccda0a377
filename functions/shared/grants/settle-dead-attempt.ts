import type { Attempt, Attempts, Escrow, FinishedAttempt, Tokens } from './ports.ts';

/**
 * Ends an attempt whose lease is over: its process is dead.
 *
 * Its escrow is read first. What lies there is installed and then deleted; only when nothing is
 * there is the attempt closed as abandoned.
 *
 * @throws (retry) the escrow can't be read: all is left as it is.
 */
export async function settleDeadAttempt<Grant>(
  attempt: Attempt,
  stores: {
    readonly attempts: Attempts;
    readonly tokens: Tokens<Grant>;
    readonly escrow: Escrow<Grant>;
  },
): Promise<FinishedAttempt> {
  const { attemptId } = attempt;
  const saved = await stores.escrow.read(attemptId);
  if (saved === undefined) {
    return await stores.attempts.close(attemptId, {
      outcome: 'abandoned',
      reason: 'lease-expired',
    });
  }
  const finished = await stores.tokens.commit(attempt, saved, false);
  await stores.escrow.delete(attemptId);
  return finished;
}
