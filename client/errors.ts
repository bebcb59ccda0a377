export type TokenUnavailableReason =
  /** There was never a grant: the mall has not authorized, or the account is not configured. */
  | 'no-grant'
  /** The mall's grant is dead: only its admin can give a new one. */
  | 'reauthorization-required'
  /** The stored token has ended, and its refresh has not brought a new one yet: try again later. */
  | 'expired'
  /** What lies in the store is not what tokenline writes. */
  | 'unreadable';

interface Unavailable {
  readonly provider: 'cafe24' | 'claroshop';
  /** The mall or the account. */
  readonly subject: string;
  readonly reason: TokenUnavailableReason;
}

/** There is no access token that could be used now. `reason` says who can change that. */
export class TokenUnavailableError extends Error implements Unavailable {
  override readonly name = 'TokenUnavailableError';
  readonly provider: Unavailable['provider'];
  readonly subject: string;
  readonly reason: TokenUnavailableReason;

  constructor({ provider, subject, reason }: Unavailable) {
    super(`No access token of ${provider}'s ${subject}: ${reason}.`);
    this.provider = provider;
    this.subject = subject;
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
