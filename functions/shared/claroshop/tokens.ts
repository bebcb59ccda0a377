import type { Deadline } from '../clock.ts';
import type { OpenAttempt } from '../grants/leased-attempts.ts';
import type { Attempt, FinishedAttempt, GrantToSave, Tokens } from '../grants/ports.ts';
import type { Bundle } from './bundle.ts';
import type { ClaroshopGrant } from './grant.ts';

/** What is stored of an account. */
export interface StoredBundle {
  /** Of the parameter, 0 when there is none. */
  readonly version: number;
  /** `undefined` when there is none, or one that is none of ours. */
  readonly bundle: Bundle | undefined;
}

/**
 * The store of ClaroShop's grants. `commit` writes the bundle, then ends the attempt: what follows
 * from the bundle (the attempt's end, the eight names) can be made good from it at any time.
 */
export interface ClaroshopTokens extends Tokens<ClaroshopGrant> {
  /**
   * Nothing older than what was stored last, as the account's lease tells it.
   *
   * @throws {@link DependencyUnavailableError} (retry) a store is away, or shows only what is older.
   */
  read(account: string, signal?: AbortSignal): Promise<StoredBundle>;

  /**
   * As `commit`, again and again while Parameter Store throttles or is away: for a grant that lies in
   * escrow already, so that the wait risks nothing.
   *
   * @throws (retry) what the last try met, with 4 s left at least.
   */
  commitPatiently(
    attempt: Attempt,
    save: GrantToSave<ClaroshopGrant>,
    deadline: Deadline,
  ): Promise<FinishedAttempt>;

  /**
   * Ends a dead process's attempt if it had stored its grant before it died.
   *
   * @returns `undefined` when the bundle is not of this attempt.
   */
  recognise(attempt: OpenAttempt): Promise<FinishedAttempt | undefined>;

  /**
   * Makes the eight names say what the bundle says, writing only what differs, and again when
   * another bundle came in between: of two writers at once the last one to finish leaves the names of
   * the newest bundle.
   *
   * @param known the bundle that the caller has just stored, which may not be seen yet.
   * @returns the bundle that the names are of.
   */
  project(account: string, deadline: Deadline, known?: Bundle): Promise<StoredBundle>;
}
