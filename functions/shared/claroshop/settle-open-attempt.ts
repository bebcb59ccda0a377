import type { BeginAttempt, LeasedAttempts, OpenAttempt } from '../grants/leased-attempts.ts';
import type { Escrow, FinishedAttempt } from '../grants/ports.ts';
import { settleDeadAttempt } from '../grants/settle-dead-attempt.ts';
import type { ClaroshopGrant } from './grant.ts';
import type { ClaroshopTokens } from './tokens.ts';

interface Settling {
  readonly attempts: LeasedAttempts;
  readonly tokens: ClaroshopTokens;
  readonly escrow: Escrow<ClaroshopGrant>;
  /** For whom the attempt is in the way, and how long this invocation can still live. */
  readonly by: Pick<BeginAttempt, 'attemptId' | 'leaseMs'>;
}

/**
 * Ends an attempt whose lease is over: its process is dead.
 *
 * It may have stored its grant and died before it said so: the bundle names its attempt. Else what
 * lies in escrow is installed; only when nothing is there is the attempt closed as abandoned.
 *
 * Its lease is taken over first: Parameter Store has no conditional put, and of two that install the
 * same grant the slower one would put it over the grant that follows it.
 *
 * @returns `undefined` when somebody else settles it.
 * @throws (retry) a store is away: what is not settled yet is left as it is.
 */
export async function settleOpenAttempt(
  attempt: OpenAttempt,
  settling: Settling,
): Promise<FinishedAttempt | undefined> {
  const { attempts, by } = settling;
  try {
    return (await attempts.takeOver(attempt, by)) ? await settle(attempt, settling) : undefined;
  } catch (error) {
    // Others may try at once; also when it was taken over and the answer to that got lost.
    await attempts.leave(attempt.attemptId, by.attemptId).catch(() => undefined);
    throw error;
  }
}

async function settle(
  attempt: OpenAttempt,
  { attempts, tokens, escrow }: Settling,
): Promise<FinishedAttempt> {
  const stored = await tokens.recognise(attempt);
  if (stored === undefined) return await settleDeadAttempt(attempt, { attempts, tokens, escrow });
  // Its process put it there too, when the answer to the put got lost.
  await escrow.delete(attempt.attemptId);
  return stored;
}
