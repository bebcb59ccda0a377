import { z } from 'zod';
import { AccountField } from '#events/account.ts';
import { obtainGrant } from '#shared/claroshop/obtain-grant.ts';
import type { Deadline } from '#shared/clock.ts';
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

/** Whoever has the lease needs a second or so. */
const LOOK_AGAIN_MS = 250;
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

async function obtain(
  account: string,
  { requestId, deadline, log }: Invocation,
  { grants }: Dependencies,
): Promise<Answer> {
  const before = await grants.tokens.read(account);
  const cause = { correlationId: requestId, causationId: requestId };
  const context = { deadline, log };
  const turn = { account, version: before.version, cause, context, dependencies: grants };
  for (;;) {
    const canAsk = deadline.remainingMs() > TIME_TO_ATTEMPT_MS;
    const obtained = canAsk ? await obtainGrant(turn) : { outcome: 'in-progress' };
    const { bundle, version } = await grants.tokens.read(account);
    if (bundle !== undefined && version !== before.version) return bundleToAnswer(bundle);
    const isToWait = obtained.outcome === 'in-progress' && deadline.remainingMs() > RESERVE_MS;
    if (!isToWait) return obtainedToFailure(obtained);
    await grants.pause(LOOK_AGAIN_MS);
  }
}
