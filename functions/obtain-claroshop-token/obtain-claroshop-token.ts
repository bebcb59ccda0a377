import type { Bundle } from '#shared/claroshop/bundle.ts';
import { obtainGrant, type Obtained, type Turn } from '#shared/claroshop/obtain-grant.ts';
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
import { orAtTheEnd } from './at-the-end.ts';
import type { Dependencies } from './dependencies.ts';
import { inputToAccount } from './input.ts';

/** Whoever has the lease needs a second or so; SSM's reads are shared by the whole account. */
const LOOK_AGAIN_MS = 1_000;
/** For the last look and the answer. */
const RESERVE_MS = 2_000;

/** Somebody has the lease, or has just stored a grant that is not new enough. */
const WORKED_ON: ReadonlySet<string> = new Set(['in-progress', 'overtaken']);

const ENDED_ALREADY = 'ClaroShop gave a token that has ended already.';
const NOT_ASKED = 'Too little time was left to ask ClaroShop.';
const UNANSWERED = 'The time was over before every service had answered.';

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
 * @param input nothing, an EventBridge event, or `{ account }`.
 * @returns the form for success or the one for failure, before the invocation's time is over, also
 *   when a call hangs. Never throws.
 */
export async function obtainClaroshopToken(
  input: unknown,
  invocation: Invocation,
  dependencies: Dependencies,
): Promise<Answer> {
  const account = inputToAccount(input);
  if (account === undefined || !dependencies.accounts.includes(account)) {
    return failure('account: expected a configured account.');
  }
  const { deadline, log } = invocation;
  const progress: Progress = { answer: undefined };
  try {
    const obtained = obtain({ account, progress }, invocation, dependencies);
    const answer = await orAtTheEnd(
      obtained,
      { deadline, timer: dependencies.timer },
      () => progress.answer ?? failure(UNANSWERED),
    );
    if (answer.statusCode === 500) log.warn('not-obtained', { account, reason: answer.body.error });
    return answer;
  } catch (error) {
    log.error('not-obtained', failureFields(account, error));
    return errorToFailure(error);
  }
}

interface Progress {
  /** What is to be answered if nothing better comes. */
  answer: Answer | undefined;
}

/** What was going on when the function was invoked. */
interface Invoked {
  readonly at: Date;
  /** The attempt that was under way, if its process was alive: its grant is new enough. */
  readonly underWay: string | undefined;
}

/** An answer, and whether a later look may bring a better one. */
interface Look {
  /** Undefined when nobody was asked, and nothing new is stored. */
  readonly answer: Answer | undefined;
  readonly isToWait: boolean;
  /** What is stored, where that is newer than before and still not new enough. */
  readonly version?: number;
}

async function obtain(
  { account, progress }: { readonly account: string; readonly progress: Progress },
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
    const seen = await lookOrWait({ ...turn, version }, invoked);
    progress.answer = seen.answer ?? progress.answer ?? failure(NOT_ASKED);
    if (!seen.isToWait || deadline.remainingMs() <= RESERVE_MS) return progress.answer;
    version = seen.version ?? version;
    await grants.pause(LOOK_AGAIN_MS);
  }
}

/** A store that did not answer once may do so a second later, and somebody may have stored a grant. */
async function lookOrWait(turn: Turn, invoked: Invoked): Promise<Look> {
  const { account, context } = turn;
  const canAsk = context.deadline.remainingMs() > TIME_TO_ATTEMPT_MS;
  try {
    const obtained = canAsk ? await obtainGrant(turn) : undefined;
    return await look(turn, invoked, obtained);
  } catch (error) {
    if (!(error instanceof DependencyUnavailableError)) throw error;
    context.log.warn('not-obtained-yet', failureFields(account, error));
    return { answer: canAsk ? errorToFailure(error) : undefined, isToWait: true };
  }
}

/** @param obtained what became of it; without it nobody was asked, and only others bring a grant. */
async function look(
  { account, version, dependencies }: Turn,
  invoked: Invoked,
  obtained: Obtained | undefined,
): Promise<Look> {
  const answerFrom = (bundle: Bundle): Look => {
    const lives = Date.parse(bundle.expires_at) > dependencies.clock().getTime();
    return { answer: lives ? bundleToAnswer(bundle) : failure(ENDED_ALREADY), isToWait: false };
  };
  if (obtained?.bundle !== undefined) return answerFrom(obtained.bundle);
  const stored = await dependencies.tokens.read(account);
  const { bundle } = stored;
  if (bundle !== undefined && stored.version !== version && isNewEnough(bundle, invoked)) {
    return answerFrom(bundle);
  }
  const isToWait = obtained === undefined || WORKED_ON.has(obtained.outcome);
  const answer = obtained && obtainedToFailure(obtained);
  return { answer, isToWait, version: stored.version };
}

function isNewEnough({ obtained_at, attempt_id }: Bundle, { at, underWay }: Invoked): boolean {
  return Date.parse(obtained_at) >= at.getTime() || attempt_id === underWay;
}

/** The alarm for what our own configuration fails counts the lines with its code. */
function failureFields(account: string, error: unknown): LogFields {
  const code = error instanceof TokenlineError ? error.code : undefined;
  return { account, code, ...errorField(error) };
}
