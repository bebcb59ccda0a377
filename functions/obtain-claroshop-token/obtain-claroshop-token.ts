import { z } from 'zod';
import { AccountField } from '#events/account.ts';
import type { Bundle } from '#shared/claroshop/bundle.ts';
import { obtainGrant, type Turn } from '#shared/claroshop/obtain-grant.ts';
import { accountToSubject } from '#shared/claroshop/subject.ts';
import type { Deadline } from '#shared/clock.ts';
import { DependencyUnavailableError, TokenlineError } from '#shared/errors.ts';
import { TIME_TO_ATTEMPT_MS } from '#shared/grants/timing.ts';
import { errorField, type Log, type LogFields } from '#shared/log.ts';
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

/** Somebody has the lease, or has just stored a grant that is not new enough. */
const WORKED_ON: ReadonlySet<string> = new Set(['in-progress', 'overtaken']);

const ENDED_ALREADY = 'ClaroShop gave a token that has ended already.';

/** What the caller may say; whatever else he sends says nothing. */
const Input = z.looseObject({ account: AccountField });

interface Invocation {
  readonly requestId: string;
  readonly deadline: Deadline;
  readonly log: Log;
}

/**
 * Brings an account new tokens, and answers when they are stored. While another process works for
 * the account it waits, and answers from whatever is obtained after it was invoked. A grant that was
 * in escrow by then is older: the caller asked for a new one.
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
    invocation.log.error('not-obtained', failureFields(account, error));
    return errorToFailure(error);
  }
}

/** What was going on when the function was invoked. */
interface Invoked {
  readonly at: Date;
  /** The attempt that was under way, if its process was alive: its grant is new enough. */
  readonly underWay: string | undefined;
}

/** An answer, and whether a later look may bring a better one. */
interface Look {
  readonly answer: Answer;
  readonly isToWait: boolean;
  /** What is stored, where that is newer than before and still not new enough. */
  readonly version?: number;
}

async function obtain(
  account: string,
  { requestId, deadline, log }: Invocation,
  { grants }: Dependencies,
): Promise<Answer> {
  const at = grants.clock();
  let { version } = await grants.tokens.read(account);
  const { open } = await grants.attemptsOf(accountToSubject(account)).standing();
  const isUnderWay = open?.lives === true && !open.isBeingSettled;
  const invoked = { at, underWay: isUnderWay ? open.attempt.attemptId : undefined };
  const cause = { correlationId: requestId, causationId: requestId };
  const turn = { account, cause, context: { deadline, log }, dependencies: grants };
  for (;;) {
    const seen = await look({ ...turn, version }, invoked).catch((error: unknown) => {
      return whileAway(error, turn);
    });
    if (!seen.isToWait || deadline.remainingMs() <= RESERVE_MS) return seen.answer;
    version = seen.version ?? version;
    await grants.pause(LOOK_AGAIN_MS);
  }
}

/** Obtains a grant if nobody else does and there is time, then looks at what is stored. */
async function look(turn: Turn, invoked: Invoked): Promise<Look> {
  const { account, version, context, dependencies } = turn;
  const canAsk = context.deadline.remainingMs() > TIME_TO_ATTEMPT_MS;
  const obtained = canAsk ? await obtainGrant(turn) : { outcome: 'in-progress' };
  const stored = await dependencies.tokens.read(account);
  const { bundle } = stored;
  if (bundle !== undefined && stored.version !== version && isNewEnough(bundle, invoked)) {
    const lives = Date.parse(bundle.expires_at) > dependencies.clock().getTime();
    const answer = lives ? bundleToAnswer(bundle) : failure(ENDED_ALREADY);
    return { answer, isToWait: false };
  }
  const isToWait = WORKED_ON.has(obtained.outcome);
  return { answer: obtainedToFailure(obtained), isToWait, version: stored.version };
}

function isNewEnough({ obtained_at, attempt_id }: Bundle, { at, underWay }: Invoked): boolean {
  return Date.parse(obtained_at) >= at.getTime() || attempt_id === underWay;
}

/** A store that did not answer once may do so a second later, and somebody may have stored a grant. */
function whileAway(error: unknown, { account, context }: Pick<Turn, 'account' | 'context'>): Look {
  if (!(error instanceof DependencyUnavailableError)) throw error;
  context.log.warn('not-obtained-yet', failureFields(account, error));
  return { answer: errorToFailure(error), isToWait: true };
}

/** The alarm for what our own configuration fails counts the lines with its code. */
function failureFields(account: string, error: unknown): LogFields {
  const code = error instanceof TokenlineError ? error.code : undefined;
  return { account, code, ...errorField(error) };
}
