import type { Deadline } from '#shared/clock.ts';
import { DependencyUnavailableError, RuleViolatedError } from '#shared/errors.ts';
import type { NewestCode } from '#shared/grants/announcements.ts';
import type { Dependencies } from './dependencies.ts';
import { publishMarked } from './publish-marked.ts';

const TRIES = 3;
const PAUSE_MS = 500;

/** For a person who looks at the answer of the invocation. */
export interface NewestAnswer {
  readonly outcome: 'announced' | 'no-code' | `already-${Exclude<NewestCode['state'], 'marked'>}`;
  readonly mallId: string;
  readonly message: string;
  readonly codeId?: string;
  /** Of the announcement, where it is known: the `correlationId` of all that follows from it. */
  readonly eventId?: string;
  /** Where to see what becomes of the code. */
  readonly follow?: Follow;
}

interface Follow {
  readonly code: string;
  readonly attempts: string;
  readonly log?: string;
  readonly events?: string;
}

/**
 * Announces the mall's newest code, unless it was announced before or nobody can redeem it any more:
 * then it says so, which is no error.
 *
 * @throws {@link RuleViolatedError} other software gave the code an id that no announcement can name.
 */
export async function announceNewest(
  mallId: string,
  deadline: Deadline,
  dependencies: Dependencies,
): Promise<NewestAnswer> {
  const newest = await markNewest(mallId, dependencies);
  if (newest?.state === 'marked') {
    const [problem] = await publishMarked([newest], deadline, dependencies);
    if (problem !== undefined) throw new RuleViolatedError('code-left-out', problem);
  }
  const answer = newest === undefined ? noCode(mallId) : answerOf(newest);
  const { outcome, codeId, eventId } = answer;
  dependencies.log.info('newest-code', { outcome, mallId, codeId, correlationId: eventId });
  return answer;
}

/**
 * A code has a minute, and a person waits: a database that did not answer is asked again. If it had
 * marked the code all the same, the next look says so, and what to do.
 */
async function markNewest(
  mallId: string,
  { announcements, pause }: Pick<Dependencies, 'announcements' | 'pause'>,
  triesLeft = TRIES,
): Promise<NewestCode | undefined> {
  try {
    return await announcements.markNewest(mallId);
  } catch (error) {
    if (!(error instanceof DependencyUnavailableError) || triesLeft === 1) throw error;
    await pause(PAUSE_MS);
    return await markNewest(mallId, { announcements, pause }, triesLeft - 1);
  }
}

function noCode(mallId: string): NewestAnswer {
  return { outcome: 'no-code', mallId, message: `No code of ${mallId} is stored.` };
}

const MESSAGES: Readonly<Record<NewestCode['state'], string>> = {
  marked: 'is announced: exchange-cafe24-code redeems it now.',
  announced:
    'was announced before, or is just being announced: if nothing follows, invoke again in 15 s.',
  exchanging: 'is being redeemed; nothing was done.',
  exchanged: 'was redeemed before; nothing was done.',
  expired: 'is over 60 s old, and nobody can redeem it any more: the mall must authorize anew.',
  rejected: 'was refused by Cafe24: the mall must authorize anew.',
  superseded: 'was replaced by a newer one; nothing was done.',
};

function answerOf({ mallId, codeId, state, eventId }: NewestCode): NewestAnswer {
  return {
    outcome: state === 'marked' ? 'announced' : `already-${state}`,
    mallId,
    message: `Code ${codeId} of ${mallId} ${MESSAGES[state]}`,
    codeId,
    ...(eventId !== undefined && { eventId }),
    follow: howToFollow(codeId, eventId),
  };
}

function howToFollow(codeId: string, eventId: string | undefined): Follow {
  return {
    code: `select status from cafe24.oauth_authorization_codes where id = ${codeId}`,
    attempts: `select outcome, reason, started_at, finished_at from cafe24.token_attempts where code_id = ${codeId} order by attempt_no`,
    ...(eventId !== undefined && {
      log: `exchange-cafe24-code: { $.correlationId = "${eventId}" }`,
      events: `TokenIssued or ReauthorizationRequired with detail.metadata.correlationId "${eventId}"`,
    }),
  };
}
