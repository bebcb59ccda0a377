import { ConfigurationError, DependencyUnavailableError } from '#shared/errors.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Closure } from '#shared/grants/ports.ts';
import type { RedeemedInTime } from '#shared/grants/redeem.ts';
import { toReauthorizationRequired, type Origin } from '#shared/cafe24/outcome-events.ts';

type WithoutGrant = Exclude<RedeemedInTime<Cafe24Grant>, { kind: 'granted' }>;

/**
 * How the attempt ends. A refused code is dead, and so is one whose answer never came: posting it
 * again would let the provider revoke what it issued (RFC 6749 section 4.1.2).
 */
export function redeemedToClosure(redeemed: WithoutGrant, origin: Origin): Closure {
  switch (redeemed.kind) {
    case 'refused':
      return {
        outcome: 'rejected',
        reason: redeemed.reason,
        eventIfNoGrant: toReauthorizationRequired('code-rejected', origin),
      };
    case 'unknown':
      return {
        outcome: 'unknown',
        reason: redeemed.reason,
        eventIfNoGrant: toReauthorizationRequired('code-unknown', origin),
      };
    case 'unrecognized':
      return { outcome: 'failed', reason: redeemed.reason };
    case 'failed':
    case 'misconfigured':
      return { outcome: redeemed.kind, reason: redeemed.reason };
    case 'not-started':
      return { outcome: 'not-started', reason: 'no-time-left' };
  }
}

/** The error that brings the message back, where the code can be tried again while it is young. */
export function redeemedToRetry(redeemed: WithoutGrant): Error | undefined {
  switch (redeemed.kind) {
    case 'refused':
    case 'unknown':
      return undefined;
    case 'misconfigured':
      return new ConfigurationError(
        `Our client of Cafe24 is misconfigured (${redeemed.reason}): ` +
          'check CAFE24_CLIENT_ID, the client secret and CAFE24_REDIRECT_URI.',
      );
    case 'failed':
    case 'unrecognized': {
      const retryAfterSeconds = redeemed.kind === 'failed' ? redeemed.retryAfterSeconds : undefined;
      return new DependencyUnavailableError(
        'provider-failed',
        `Cafe24 answered without a grant: ${redeemed.reason}.`,
        retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
      );
    }
    case 'not-started':
      return new DependencyUnavailableError(
        'no-time-left',
        'Too little time was left to ask Cafe24.',
      );
  }
}
