import type { Attempt, Attempts, Closure, FinishedAttempt, OutcomeEvent, Rest } from './ports.ts';

/** What led to an attempt: its outcome names it. */
export interface Cause {
  readonly correlationId: string;
  readonly causationId: string;
}

/** An attempt that holds its subject's lease. */
export interface OpenAttempt extends Attempt {
  readonly cause: Cause;
}

export interface OpenLease {
  readonly attempt: OpenAttempt;
  /** The process that holds the lease lives: the attempt's own, or the one that settles it. */
  readonly lives: boolean;
  /** The attempt's own process is dead, and another one has taken its lease to settle it. */
  readonly isBeingSettled: boolean;
}

/** The grant that an attempt has stored last. Whoever reads less than this version reads what is old. */
export interface NewestGrant {
  readonly version: number;
  readonly attemptId: string;
}

/** All that a subject's lease says, in one read. */
export interface Standing {
  readonly open: OpenLease | undefined;
  /** No attempt begins before, since earlier ones brought no grant. Undefined when it is over. */
  readonly rest: { readonly until: Date; readonly reason: string } | undefined;
  /** Some outcome was not published, or not yet. */
  readonly hasUnpublished: boolean;
  /** A client saw the access token of this version refused; 0 = none did. */
  readonly wishedVersion: number;
  /** The refresh token of this version is dead, as the provider says; 0 = of none. */
  readonly refusedVersion: number;
  /** The end of the first attempt without a grant since the last grant. */
  readonly failingSince: Date | undefined;
  /** Undefined when it was stored a minute ago: then it is to be seen everywhere. */
  readonly newest: NewestGrant | undefined;
}

export interface BeginAttempt {
  /** The id that the attempt will have. */
  readonly attemptId: string;
  readonly cause: Cause;
  /** What this invocation can still live: the lease ends with the process. */
  readonly leaseMs: number;
  /** The provider is not going to be asked, so that a rest holds up nothing. */
  readonly asksNobody?: true;
}

export type LeaseBegun =
  | { readonly kind: 'begun'; readonly standing: Standing }
  /** A living process has the lease. */
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'resting'; readonly until: Date; readonly reason: string }
  /** The lease of a dead process is in the way. */
  | { readonly kind: 'left-behind'; readonly attempt: OpenAttempt };

/** How an attempt ended whose grant was to be stored. */
export interface Commitment {
  readonly outcome: 'issued' | 'refreshed' | 'overtaken';
  /** Of the stored grant; 0 when it was not stored. */
  readonly version: number;
  readonly event: OutcomeEvent | undefined;
}

/** A newer grant is stored. */
export const OVERTAKEN: Commitment = { outcome: 'overtaken', version: 0, event: undefined };

/** What is kept of credentials that the provider refused: enough to know them again. */
export interface CredentialsMark {
  /** The same credentials give the same fingerprint with the same salt; it can not be turned back. */
  readonly salt: string;
  readonly fingerprint: string;
  /** What the provider said, in a word of ours. */
  readonly reason: string;
}

/** How an attempt ends whose credentials were refused. */
export interface CredentialsRefused {
  readonly mark: CredentialsMark;
  readonly event: OutcomeEvent;
}

export interface Closing extends Rest {
  /** The longest that the backoff grows to; without it five minutes. */
  readonly longestRestSeconds?: number | undefined;
  readonly signal?: AbortSignal;
}

/**
 * The attempts of one subject under one lease, whatever the grant: audit trail, lease and outbox.
 *
 * Every method is safe to repeat. All throw {@link DependencyUnavailableError} (retry) while the
 * store is away.
 */
export interface LeasedAttempts extends Attempts {
  /** Never old, whatever store has the grants. */
  standing(signal?: AbortSignal): Promise<Standing>;

  /** Takes the lease. The grant is read after it: an older look shows a token that may be spent. */
  begin(request: BeginAttempt): Promise<LeaseBegun>;

  /**
   * Takes the lease of a dead process to settle its attempt: of those who want to, one may at a time.
   * The attempt stays open, but can ask nobody any more, should its process be alive after all.
   *
   * @param by the attempt for which it is in the way; it need not begin.
   * @returns false when its process lives, when somebody else settles it, or when it is over.
   */
  takeOver(dead: Attempt, by: Pick<BeginAttempt, 'attemptId' | 'leaseMs'>): Promise<boolean>;

  /**
   * Leaves an open attempt to others at once, since this process does no more for it.
   *
   * @param by the attempt that took it over; without it, the attempt itself.
   */
  leave(attemptId: string, by?: string): Promise<void>;

  /**
   * Says what the attempt is about, right before the provider is asked.
   *
   * @returns false when the lease is not this attempt's any more: then nobody may be asked.
   */
  declare(attempt: Attempt): Promise<boolean>;

  /** Ends the lease of an attempt that was not needed; it leaves no trace. */
  giveBack(attemptId: string): Promise<void>;

  /**
   * Ends an attempt whose refresh token was refused, and goes on with `next` under the same lease.
   *
   * @returns false when the lease was not this attempt's any more.
   */
  succeed(
    refused: Attempt,
    next: Attempt,
    refusal: { readonly reason: string; readonly signal?: AbortSignal },
  ): Promise<boolean>;

  /**
   * Ends an attempt whose grant is stored, or was overtaken. One that others gave up takes its true
   * outcome; one that has an outcome already keeps it. With a stored grant the rest is over; with an
   * issued one also the mark of refused credentials, since others were accepted.
   */
  commit(attempt: Attempt, commitment: Commitment, signal?: AbortSignal): Promise<FinishedAttempt>;

  /**
   * As {@link Attempts.close}. After `failed`, `abandoned` and `misconfigured` the subject rests, and
   * no attempt begins; after `rejected` the refresh token of the base version counts as dead.
   */
  close(attemptId: string, closure: Closure, how?: Closing): Promise<FinishedAttempt>;

  /**
   * Ends the attempt and remembers the credentials, both or neither. An attempt that is over already
   * remembers nothing: whoever took its lease has asked since, and an operator may have unlocked the
   * account in the meantime.
   */
  refuseCredentials(
    attemptId: string,
    refused: CredentialsRefused,
    signal?: AbortSignal,
  ): Promise<FinishedAttempt>;

  /** The credentials that were refused last, until others are accepted or an operator deletes it. */
  credentialsMark(): Promise<CredentialsMark | undefined>;

  /**
   * Lets the same credentials be tried once more, for an account that was unlocked. None of the functions
   * may do that: operators delete the item by hand, and tests call this in their place.
   */
  clearCredentialsMark(): Promise<void>;

  /** A client saw the access token of this version refused: due until a newer one is there. */
  wish(version: number): Promise<void>;

  /** Outcomes that their process will not publish any more, oldest first. */
  unpublished(): Promise<readonly FinishedAttempt[]>;
}
