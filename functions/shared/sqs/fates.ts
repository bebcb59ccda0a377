import { OwnError, TokenlineError, type Fate } from '../errors.ts';

/** What was thrown, told in the words that decide about the message. */
export interface Failure {
  readonly fate: Fate;
  /** For machines: logs are searched and reasons are built with it. */
  readonly code: string;
  readonly error: Error;
  readonly retryAfterSeconds: number | undefined;
}

/**
 * The only place where something thrown becomes a fate. What nobody foresaw is a bug: retried,
 * never dropped, since a fixed release may still come within the horizon.
 */
export function fateOf(thrown: unknown): Failure {
  if (thrown instanceof TokenlineError) {
    const { fate, code, retryAfterSeconds } = thrown;
    return { fate, code, error: thrown, retryAfterSeconds };
  }
  return {
    fate: 'retry',
    code: 'unknown-error',
    error: thrown instanceof Error ? thrown : errorOf(thrown),
    retryAfterSeconds: undefined,
  };
}

/** Says the kind only: nobody knows what the value holds. */
function errorOf(thrown: unknown): Error {
  const kind = thrown === null ? 'null' : typeof thrown;
  return new OwnError(`Something that is no Error was thrown (${kind})`);
}
