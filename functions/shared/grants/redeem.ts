import type { Deadline } from '../clock.ts';
import type { Provider, Redeemed } from './ports.ts';
import { postTimeoutMs } from './timing.ts';

/** `not-started`: the time left was too short, so nothing was sent and nothing was spent. */
export type RedeemedInTime<Grant> = Redeemed<Grant> | { readonly kind: 'not-started' };

/** Control characters, and what is left of a text that was decoded wrongly. */
const NEVER_IN_SECRETS = /[\p{Cc}\u{FFFD}]/u;

/**
 * Whether a provider can have issued this code or refresh token. RFC 6749 (appendices A.11 and A.17)
 * knows printable ASCII alone; of what other software may have stored only that is refused, without
 * asking anybody, which can't be a secret: blanks, or a text with control characters.
 */
export function isIssuable(secret: string): boolean {
  return secret.trim() !== '' && !NEVER_IN_SECRETS.test(secret);
}

/** What a provider would say of a text that nobody issued. */
export const NEVER_ISSUED = { kind: 'refused', reason: 'never-issued' } as const;

/**
 * Asks the provider once, in what remains of the invocation less the time to save the answer.
 *
 * The lease ends with the invocation, so the deadline that is read here, right before the POST, is
 * the lease's end too. Nothing is repeated inside an attempt.
 */
export async function redeem<Ticket, Grant>(
  provider: Provider<Ticket, Grant>,
  ticket: Ticket,
  deadline: Deadline,
): Promise<RedeemedInTime<Grant>> {
  const timeoutMs = postTimeoutMs(deadline.remainingMs());
  return timeoutMs === undefined
    ? { kind: 'not-started' }
    : await provider.redeem(ticket, timeoutMs);
}
