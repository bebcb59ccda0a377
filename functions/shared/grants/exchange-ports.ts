import type { Attempt, FinishedAttempt, OutcomeEvent } from './ports.ts';

/** Codes that wait to be redeemed, and the begin of the attempts to redeem them. */
export interface AuthorizationCodes {
  /**
   * Stores a code that arrived inside an event, once per mall and code.
   *
   * @param code.receivedAt its age counts from here; of several arrivals the earliest holds.
   * @returns the row's id, the same for each arrival.
   */
  store(code: {
    readonly mallId: string;
    readonly code: string;
    readonly receivedAt: Date;
  }): Promise<string>;

  /**
   * Takes the mall's lease and, under it, decides what becomes of the code.
   *
   * The token row is read after the lease is won, by a statement of its own: a snapshot older than
   * the lease would show the grant that another attempt has just replaced.
   */
  begin(request: BeginExchange): Promise<ExchangeBegun>;
}

export interface BeginExchange {
  /** The id that the attempt will have. */
  readonly attemptId: string;
  readonly mallId: string;
  readonly codeId: string;
  /** What this invocation can still live: the lease ends with the process. */
  readonly leaseMs: number;
  /** To publish when the code is too old, but only if the mall has no active row. */
  readonly eventIfExpired: OutcomeEvent;
}

export type ExchangeBegun =
  | { readonly kind: 'begun'; readonly attempt: Attempt; readonly code: string }
  /**
   * The code needs no POST: an earlier attempt has redeemed or closed it, it is over 60 s old, or a
   * newer one of the mall is stored.
   */
  | { readonly kind: 'finished'; readonly finished: FinishedAttempt }
  /** The code is over without an attempt of ours, e.g. `expired`: nothing is to be done or told. */
  | { readonly kind: 'over'; readonly status: string }
  /** A living process works for the mall, or has yet to publish this code's outcome. */
  | { readonly kind: 'held' }
  /** The lease of a dead process is in the way. */
  | { readonly kind: 'left-behind'; readonly attempt: Attempt }
  | { readonly kind: 'no-such-code' }
  | { readonly kind: 'code-of-another-mall' };
