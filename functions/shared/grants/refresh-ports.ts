import type { Attempt, Attempts, FinishedAttempt, OutcomeEvent } from './ports.ts';

/** What a refresh can be asked for. */
export interface BeginRefresh {
  readonly attemptId: string;
  readonly subject: string;
  /** The version that the warning is about: a newer grant has overtaken it. */
  readonly version: number;
  /** What this invocation can still live: the lease ends with the process. */
  readonly leaseMs: number;
}

export type RefreshBegun =
  | { readonly kind: 'begun'; readonly attempt: Attempt; readonly refreshToken: string }
  /** Nothing to do, or not now: the sweep comes again. */
  | { readonly kind: 'not-needed'; readonly because: NotNeeded }
  /** The lease of a dead process is in the way. */
  | { readonly kind: 'left-behind'; readonly attempt: Attempt };

/**
 * `no-grant`: there is no row. `of-another-client`: it is other software's. `overtaken`: the warning is about an older grant. `in-progress`: a
 * living process refreshes or exchanges for the subject. `resting`: an earlier refresh failed, and
 * its backoff is not over. `marked`: the grant is dead and no silent try is due.
 */
export type NotNeeded =
  'no-grant' | 'of-another-client' | 'overtaken' | 'in-progress' | 'resting' | 'marked';

export interface RefreshAttempts extends Attempts {
  /** Takes the lease, then reads the row under it, each by a statement of its own. */
  begin(request: BeginRefresh): Promise<RefreshBegun>;
  /** A client saw the access token of this version refused: it stays due until a newer one is there. */
  wish(subject: string, version: number): Promise<void>;
  /** All attempts that began with this version, this one too. */
  attemptsOf(subject: string, version: number): Promise<readonly string[]>;
  /**
   * Ends an attempt whose refresh token the provider called dead, and marks the row if it is still
   * the one that the attempt began with, is active, and no exchange lives.
   *
   * @param event ReauthorizationRequired; its reason becomes `rotation-lost` where an earlier
   *   attempt at the version may have rotated.
   * @returns outcome `refused`; `overtaken` when the row has moved on; `failed` while an exchange
   *   lives. There is something to publish only if the row was marked now.
   */
  refuse(attempt: Attempt, event: OutcomeEvent): Promise<FinishedAttempt>;
}
