import type { Deadline } from '../clock.ts';
import { DependencyUnavailableError } from '../errors.ts';
import { errorField, type Log } from '../log.ts';
import type { Attempt, Escrow, FinishedAttempt, GrantToSave, Tokens } from './ports.ts';

const COMMITS_BEFORE_ESCROW = 3;
const LAST_TRY_MS = 1_000;
const PAUSE_MS = 100;

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
  for (let tries = 0; tries === 0 || deadline.remainingMs() > LAST_TRY_MS; tries++) {
    const store = storeOfTry(stores, tries);
    try {
      return await store(attempt, save);
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

type Store<Grant> = (attempt: Attempt, save: GrantToSave<Grant>) => Promise<Saved>;

function storeOfTry<Grant>({ tokens, escrow }: Stores<Grant>, tries: number): Store<Grant> {
  const isTurnOfEscrow =
    tries >= COMMITS_BEFORE_ESCROW && (tries - COMMITS_BEFORE_ESCROW) % 2 === 0;
  if (!isTurnOfEscrow) return (attempt, save) => tokens.commit(attempt, save, tries > 0);
  return async (attempt, save) => {
    await escrow.put(attempt, save);
    return 'escrowed';
  };
}
