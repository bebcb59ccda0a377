/** What becomes of a message whose work failed with the error. */
export type Fate = 'retry' | 'reject';

interface TokenlineErrorOptions extends ErrorOptions {
  /** The least time until the next try, in seconds; without it the worker's backoff decides. */
  readonly retryAfterSeconds?: number;
}

/**
 * An error whose message we wrote: a log and a dead letter tell it. Of any other error they tell name,
 * code and frames, since its message may quote rows and bodies.
 */
export class OwnError extends Error {
  override readonly name: string = 'OwnError';
}

/**
 * An error with a name for machines (`code`) and a fate.
 *
 * Messages name fields and ids, never bodies, tokens, codes or SQL: they end in logs and DLQs.
 */
export abstract class TokenlineError extends OwnError {
  abstract readonly fate: Fate;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, options: TokenlineErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The message is not what its contract says (reject). The text names each field and what it wants. */
export class InvalidMessageError extends TokenlineError {
  override readonly name = 'InvalidMessageError';
  override readonly fate = 'reject';

  constructor(message: string, options?: ErrorOptions) {
    super('invalid-message', message, options);
  }
}

/** The message is well formed, but a rule forbids what it asks for (reject). */
export class RuleViolatedError extends TokenlineError {
  override readonly name = 'RuleViolatedError';
  override readonly fate = 'reject';
}

/** Something that is needed is not there now: a service, a lease, a row (retry). */
export class DependencyUnavailableError extends TokenlineError {
  override readonly name = 'DependencyUnavailableError';
  override readonly fate = 'retry';
}

/** A service understood the request and will never grant it (reject). */
export class DependencyRefusedError extends TokenlineError {
  override readonly name = 'DependencyRefusedError';
  override readonly fate = 'reject';
}

/** The bus did not take an event (retry); the outcome stays unpublished in the store until then. */
export class PublishFailedError extends TokenlineError {
  override readonly name = 'PublishFailedError';
  override readonly fate = 'retry';

  constructor(message: string, options?: ErrorOptions) {
    super('publish-failed', message, options);
  }
}

/** Our own configuration is wrong: a function that throws it while loading must not start (retry). */
export class ConfigurationError extends TokenlineError {
  override readonly name = 'ConfigurationError';
  override readonly fate = 'retry';

  constructor(message: string, options?: TokenlineErrorOptions) {
    super('misconfigured', message, options);
  }
}
