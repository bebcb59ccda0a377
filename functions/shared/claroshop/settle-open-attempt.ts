import type { LeasedAttempts, OpenAttempt } from '../grants/leased-attempts.ts';
import type { Escrow, FinishedAttempt } from '../grants/ports.ts';
import { settleDeadAttempt } from '../grants/settle-dead-attempt.ts';
import type { ClaroshopGrant } from './grant.ts';
import type { ClaroshopTokens } from './tokens.ts';

interface Stores {
  readonly attempts: LeasedAttempts;
  readonly tokens: ClaroshopTokens;
  readonly escrow: Escrow<ClaroshopGrant>;
}

/**
 * Ends an attempt whose lease is over: its process is dead.
 *
 * It may have stored its grant and died before it said so: the bundle names its attempt. Else what
 * lies in escrow is installed; only when nothing is there is the attempt closed as abandoned.
 *
 * @throws (retry) bundle or escrow can't be read: all is left as it is.
 */
export async function settleOpenAttempt(
  attempt: OpenAttempt,
  { attempts, tokens, escrow }: Stores,
): Promise<FinishedAttempt> {
  const stored = await tokens.recognise(attempt);
  if (stored === undefined) return await settleDeadAttempt(attempt, { attempts, tokens, escrow });
  // Its process put it there too, when the answer to the put got lost.
  await escrow.delete(attempt.attemptId);
  return stored;
}
