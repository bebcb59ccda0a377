export type TokenUnavailableReason =
  /** The mall has never authorized the application. */
  | 'no-grant'
  /** Its grant is dead: only the mall's admin can give a new one. */
  | 'reauthorization-required'
  /** The stored token has ended, and its refresh has not brought a new one yet: try again later. */
  | 'expired';

/** There is no access token that could be used now. `reason` says who can change that. */
export class TokenUnavailableError extends Error {
  override readonly name = 'TokenUnavailableError';
  readonly mallId: string;
  readonly reason: TokenUnavailableReason;

  constructor(mallId: string, reason: TokenUnavailableReason) {
    super(`No access token of ${mallId}: ${reason}.`);
    this.mallId = mallId;
    this.reason = reason;
  }
}

/** The event is not what its contract says; nothing was sent. The text names each field. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';
}

/** The bus has not taken the event, as far as we know: to publish it again does no harm. */
export class EventNotPublishedError extends Error {
  override readonly name = 'EventNotPublishedError';
}
