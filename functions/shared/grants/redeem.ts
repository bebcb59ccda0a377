import type { Deadline } from '../clock.ts';
import type { Provider, Redeemed } from './ports.ts';
import { postTimeoutMs } from './timing.ts';

/** `not-started`: the time left was too short, so nothing was sent and nothing was spent. */
export type RedeemedInTime<Grant> = Redeemed<Grant> | { readonly kind: 'not-started' };

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
