/** As RFC 6749 calls the ways to a grant. */
export type GrantType = CodeGrantType | 'password';

/** Where a person authorizes in the browser. */
export type CodeGrantType = 'authorization_code' | 'refresh_token';

/** The right to ask a provider once, held by this process until its invocation ends. */
export interface Attempt {
  readonly attemptId: string;
  readonly grantType: GrantType;
  /** Whose grant: a mall or an account. */
  readonly subject: string;
  /** Version of the stored grant when the attempt began; 0 = there was none. */
  readonly baseVersion: number;
  /** The attempt that brought that grant, where the store tells it. */
  readonly baseAttemptId?: string | undefined;
}

/** What the world has to be told of an attempt; the store adds the version to the detail. */
export interface OutcomeEvent {
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** An attempt that is over, with the event that nobody has published yet. */
export interface FinishedAttempt {
  readonly attemptId: string;
  readonly outcome: string;
  readonly unpublished: OutcomeEvent | undefined;
}

/** How an attempt ends without a grant. */
export interface Closure {
  readonly outcome:
    'rejected' | 'unknown' | 'failed' | 'misconfigured' | 'not-started' | 'abandoned';
  /** For the operator: a word or the provider's own error code, never its description. */
  readonly reason: string;
  /** The provider may have rotated the refresh token: should it be refused later, that is why. */
  readonly mayHaveRotated?: boolean;
  /** To publish whatever the subject has. */
  readonly event?: OutcomeEvent;
  /** To publish, but only if the subject has no active grant. */
  readonly eventIfNoGrant?: OutcomeEvent;
  /**
   * The provider refused in words that no table knows. To publish in place of `event`, once for the
   * stored grant: when a day of nothing else is over, and others were granted something since it began.
   */
  readonly eventIfLasting?: OutcomeEvent;
}

/** How long a subject rests whose attempt brought no grant. */
export interface Rest {
  /** What the provider asked for; the backoff may be longer. */
  readonly leastRestSeconds?: number | undefined;
}

/** The record of attempts: audit trail, lease and outbox in one. */
export interface Attempts {
  /** Ends an open attempt. One that is over already keeps its outcome, which is what comes back. */
  close(attemptId: string, closure: Closure, how?: Rest): Promise<FinishedAttempt>;
  /** Tells others at once that this process will not publish the outcome. */
  endLease(attemptId: string): Promise<void>;
  markPublished(attemptId: string): Promise<void>;
}

/** The store of grants. */
export interface Tokens<Grant> {
  /**
   * Stores a grant and ends its attempt, both or neither. Safe to repeat: a commit whose answer got
   * lost is found by its attempt, and its first result comes back.
   *
   * @param fresh on a new connection: after a failure a pooled one may be as dead as the last.
   * @returns outcome `issued`, or `overtaken` when an exchange that was begun later has committed.
   * @throws {@link DependencyUnavailableError} (retry) the store did not answer in 1 s.
   */
  commit(attempt: Attempt, save: GrantToSave<Grant>, fresh: boolean): Promise<FinishedAttempt>;
}

export interface GrantToSave<Grant> {
  readonly grant: Grant;
  readonly event: OutcomeEvent;
}

/** What lies in escrow. */
export interface EscrowedGrant<Grant> {
  readonly attempt: Attempt;
  readonly save: GrantToSave<Grant>;
}

/** Where an answer is kept that the store could not take: another service, put-if-absent. */
export interface Escrow<Grant> {
  put(attempt: Attempt, save: GrantToSave<Grant>): Promise<void>;
  /** @throws (retry) when it can't be read: then nobody may conclude that nothing is there. */
  read(attemptId: string): Promise<GrantToSave<Grant> | undefined>;
  delete(attemptId: string): Promise<void>;
  /**
   * All that waits to be installed, by content, not by open attempts.
   *
   * @param onUnreadable told of each item that is not what {@link put} wrote, what is wrong with it,
   *   and whose grant it is, if it says so; the others come all the same. Without it nobody would know
   *   of such an item, so:
   * @throws one of the items can't be read.
   */
  list(
    onUnreadable?: (error: Error, subject?: string) => void,
  ): Promise<readonly EscrowedGrant<Grant>[]>;
}

/** What a provider's answer means to us. */
export type Redeemed<Grant> =
  | { readonly kind: 'granted'; readonly grant: Grant }
  /** The provider will never honour this code or token. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Our client id, secret or redirect URI is wrong: nobody's grant is to blame. */
  | { readonly kind: 'misconfigured'; readonly reason: string }
  /**
   * A 4xx with an error that no table of this provider's knows: it may be about the grant or about us,
   * so nothing is concluded from it.
   */
  | { readonly kind: 'unrecognized'; readonly reason: string }
  /** Answered without a grant: nothing was spent. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterSeconds?: number }
  /** No complete answer: the provider may have issued a grant that never reached us. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Provider<Ticket, Grant> {
  /** Asks once, and never longer than `timeoutMs`. Does not throw. */
  redeem(ticket: Ticket, timeoutMs: number): Promise<Redeemed<Grant>>;
}
