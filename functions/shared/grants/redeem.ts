import type { Deadline } from '../clock.ts';
import type { Provider, Redeemed } from './ports.ts';
import { postTimeoutMs } from './timing.ts';

/** `not-started`: the time left was too short, so nothing was sent and nothing was spent. */
export type RedeemedInTime<Grant> = Redeemed<Grant> | { readonly kind: 'not-started' };

/** Printable ASCII, and more than blanks (RFC 6749, appendices A.11 and A.17), of any length. */
const ISSUABLE = /^(?=.*[\x21-\x7e])[\x20-\x7e]+$/;

/**
 * Whether a provider can have issued this code or refresh token. Other software may have stored any
 * text: what nobody issued is refused here, and nobody is asked.
 */
export function isIssuable(secret: string): boolean {
  return ISSUABLE.test(secret);
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
