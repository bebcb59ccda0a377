import type { Attempt, FinishedAttempt } from './ports.ts';

export interface StoredCode {
  readonly mallId: string;
  readonly codeId: string;
}

/** An outcome in the outbox. */
export interface UnpublishedOutcome extends FinishedAttempt {
  readonly subject: string;
}

/** What dead processes left behind. */
export interface Remains {
  /** Open attempts whose lease is over. */
  deadAttempts(limit: number): Promise<readonly Attempt[]>;
  /** Codes of less than 60 s that wait for more than 10 s without an attempt, announced or not. */
  youngCodes(limit: number): Promise<readonly StoredCode[]>;
  /** Codes of more than 75 s that nobody has redeemed and nobody is redeeming. */
  oldCodes(limit: number): Promise<readonly StoredCode[]>;
  /**
   * Outcomes that are unpublished for 30 s by a process that has ended; oldest first per subject.
   *
   * @param except subjects whose outcomes can't be published now: they take no place of the page.
   */
  unpublished(limit: number, except: readonly string[]): Promise<readonly UnpublishedOutcome[]>;
  /**
   * Deletes history of more than 90 days, but for the newest attempt of each subject, and the states
   * of authorizations that nobody can finish any more; a page of each.
   *
   * @returns whether another page of states is due at once: anybody can make them, as fast as their
   *   route's throttle allows.
   */
  prune(): Promise<{ readonly isMoreLeft: boolean }>;
}
