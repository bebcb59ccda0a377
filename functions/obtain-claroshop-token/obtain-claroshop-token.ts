import { z } from 'zod';
import { AccountField } from '#events/account.ts';
import { obtainGrant, type Turn } from '#shared/claroshop/obtain-grant.ts';
import type { Deadline } from '#shared/clock.ts';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { errorField, type Log } from '#shared/log.ts';
import {
  bundleToAnswer,
  errorToFailure,
  failure,
  obtainedToFailure,
  type Answer,
} from './answers.ts';
import type { Dependencies } from './dependencies.ts';

/** Whoever has the lease needs a second or so; SSM's reads are shared by the whole account. */
const LOOK_AGAIN_MS = 1_000;
/** For the last look and the answer. */
const RESERVE_MS = 2_000;

/** What the caller may say; whatever else he sends says nothing. */
const Input = z.looseObject({ account: AccountField });

interface Invocation {
  readonly requestId: string;
  readonly deadline: Deadline;
  readonly log: Log;
}

/**
 * Brings an account new tokens, and answers when they are stored. While another process works for
 * the account it waits, and answers from whatever is stored after it was invoked.
 *
 * @param input nothing, or `{ account }`.
 * @returns the form for success or the one for failure, before the invocation's time is over. Never
 *   throws.
 */
export async function obtainClaroshopToken(
  input: unknown,
  invocation: Invocation,
  dependencies: Dependencies,
): Promise<Answer> {
  const { success, data } = Input.safeParse(typeof input === 'object' ? (input ?? {}) : {});
  if (!success || !dependencies.accounts.includes(data.account)) {
    return failure('account: expected a configured account.');
  }
  const { account } = data;
  try {
    return await obtain(account, invocation, dependencies);
  } catch (error) {
    invocation.log.error('not-obtained', { account, ...errorField(error) });
    return errorToFailure(error);
  }
}

/** An answer, and whether a later look may bring a better one. */
interface Look {
  readonly answer: Answer;
  readonly isToWait: boolean;
}

async function obtain(
  account: string,
  { requestId, deadline, log }: Invocation,
  { grants }: Dependencies,
): Promise<Answer> {
  const { version } = await grants.tokens.read(account);
  const cause = { correlationId: requestId, causationId: requestId };
  const turn = { account, version, cause, context: { deadline, log }, dependencies: grants };
  for (;;) {
    const { answer, isToWait } = await look(turn).catch(whileAway);
    if (!isToWait || deadline.remainingMs() <= RESERVE_MS) return answer;
    await grants.pause(LOOK_AGAIN_MS);
  }
}

/** Obtains a grant if nobody else does and there is time, then looks at what is stored. */
async function look(turn: Turn): Promise<Look> {
  const { account, version, context, dependencies } = turn;
  const canAsk = context.deadline.remainingMs() > TIME_TO_ATTEMPT_MS;
  const obtained = canAsk ? await obtainGrant(turn) : { outcome: 'in-progress' };
  const stored = await dependencies.tokens.read(account);
  if (stored.bundle !== undefined && stored.version !== version) {
    return { answer: bundleToAnswer(stored.bundle), isToWait: false };
  }
  return { answer: obtainedToFailure(obtained), isToWait: obtained.outcome === 'in-progress' };
}

/** A store that did not answer once may do so a second later, and somebody may have stored a grant. */
function whileAway(error: unknown): Look {
  if (!(error instanceof DependencyUnavailableError)) throw error;
  return { answer: errorToFailure(error), isToWait: true };
}
