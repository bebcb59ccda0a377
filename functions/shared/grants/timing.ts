import { ConfigurationError } from '../errors.ts';

/** Then the escrow has its turn, or sooner where the time would not be enough for both. */
export const COMMITS_BEFORE_ESCROW = 3;
/** The longest that one commit may take, its connection included. */
export const COMMIT_MS = 1_000;
/** The longest that a call to the escrow may take. */
export const ESCROW_MS = 2_000;
/** Between tries on fresh connections: whoever was away may be back. */
export const PAUSE_MS = 100;
/** For the pauses, for gathering, for a busy process. */
const AIR_MS = 1_000;
/** A provider that gets less than this has no fair chance to answer. */
const SHORTEST_POST_MS = 3_000;

/** Three commits of 1 s, one escrow put of 2 s, 1 s of air: never spent on waiting for a provider. */
export const TIME_TO_SAVE_MS = COMMITS_BEFORE_ESCROW * COMMIT_MS + ESCROW_MS + AIR_MS;

/** The least that must be left of an invocation when an attempt begins. */
export const TIME_TO_ATTEMPT_MS = SHORTEST_POST_MS + TIME_TO_SAVE_MS;

/** How long a provider may take, in ms; `undefined` when too little time is left to ask at all. */
export function postTimeoutMs(remainingMs: number): number | undefined {
  const timeoutMs = remainingMs - TIME_TO_SAVE_MS;
  return timeoutMs >= SHORTEST_POST_MS ? timeoutMs : undefined;
}

/**
 * Called while a function loads.
 *
 * @throws {@link ConfigurationError} the function's timeout leaves no time to ask and to save.
 */
export function assertTimeToAttempt(functionTimeoutMs: number): void {
  if (functionTimeoutMs > TIME_TO_ATTEMPT_MS) return;
  throw new ConfigurationError(
    `A timeout of ${functionTimeoutMs} ms is too short: ` +
      `an attempt needs more than ${TIME_TO_ATTEMPT_MS} ms to ask the provider and to save the answer.`,
  );
}
