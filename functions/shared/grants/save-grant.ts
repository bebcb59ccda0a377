import type { Deadline } from '../clock.ts';
import { DependencyUnavailableError } from '../errors.ts';
import { errorField, type Log } from '../log.ts';
import type { Attempt, Escrow, FinishedAttempt, GrantToSave, Tokens } from './ports.ts';
import { COMMIT_MS, COMMITS_BEFORE_ESCROW, ESCROW_MS, PAUSE_MS } from './timing.ts';

const LAST_TRY_MS = 1_000;

export interface Stores<Grant> {
  readonly tokens: Tokens<Grant>;
  readonly escrow: Escrow<Grant>;
  readonly pause: (ms: number) => Promise<void>;
}

/** A finished attempt, or `escrowed`: recovery will install the grant. */
export type Saved = FinishedAttempt | 'escrowed';

interface SaveContext<Grant> {
  readonly stores: Stores<Grant>;
  readonly deadline: Deadline;
  readonly log: Log;
}

/**
 * Saves until death: what the provider answered exists nowhere else.
 *
 * Commits three times, then puts into escrow, then tries both in turn until the invocation ends.
 * A commit that could take the time which the escrow needs is not begun: its turn comes sooner then.
 *
 * @throws {@link DependencyUnavailableError} (retry) neither store has confirmed until the deadline. The
 *   attempt is left open for whoever finds its lease expired: the grant is lost, unless a store took it
 *   and its answer, or the end of the attempt after it, did not get through.
 */
export async function saveGrant<Grant>(
  attempt: Attempt,
  save: GrantToSave<Grant>,
  { stores, deadline, log }: SaveContext<Grant>,
): Promise<Saved> {
  const { attemptId } = attempt;
  let turn: Turn = 'commit';
  for (let tries = 0; tries === 0 || deadline.remainingMs() > LAST_TRY_MS; tries++) {
    if (tries > 0) turn = turnAfter(turn, tries, deadline.remainingMs());
    try {
      return await storeOf(turn, stores)(attempt, save);
    } catch (error) {
      log.warn('grant-not-saved-yet', { attemptId, tries, ...errorField(error) });
    }
    if (tries > 0) await stores.pause(PAUSE_MS);
  }
  throw new DependencyUnavailableError(
    'grant-not-saved',
    `Attempt ${attemptId}: neither the store nor the escrow has confirmed the grant in time.`,
  );
}

type Turn = 'commit' | 'fresh-commit' | 'escrow';

function turnAfter(last: Turn, tries: number, remainingMs: number): Turn {
  if (last === 'escrow') return 'fresh-commit';
  const leavesTimeForEscrow = remainingMs >= COMMIT_MS + PAUSE_MS + ESCROW_MS;
  return tries < COMMITS_BEFORE_ESCROW && leavesTimeForEscrow ? 'fresh-commit' : 'escrow';
}

type Store<Grant> = (attempt: Attempt, save: GrantToSave<Grant>) => Promise<Saved>;

function storeOf<Grant>(turn: Turn, { tokens, escrow }: Stores<Grant>): Store<Grant> {
  if (turn !== 'escrow') {
    return (attempt, save) => tokens.commit(attempt, save, turn === 'fresh-commit');
  }
  return async (attempt, save) => {
    await escrow.put(attempt, save);
    return 'escrowed';
  };
}
