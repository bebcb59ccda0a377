import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import {
  toReauthorizationRequired,
  toTokenRefreshFailed,
  type Origin,
} from '#shared/cafe24/outcome-events.ts';
import { ConfigurationError, DependencyUnavailableError } from '#shared/errors.ts';
import { markRefusedGrant } from '#shared/grants/mark-refused-grant.ts';
import type { Attempt, Closure, FinishedAttempt } from '#shared/grants/ports.ts';
import type { RedeemedInTime } from '#shared/grants/redeem.ts';
import type { Dependencies } from './dependencies.ts';

type WithoutGrant = Exclude<RedeemedInTime<Cafe24Grant>, { kind: 'granted' }>;

/** Cafe24 did not get the token, or would not look at it. After any other answer nobody knows. */
const NEVER_ROTATED = new Set(['not-connected', 'secret-unavailable', 'status-429']);

interface Closing {
  readonly attempt: Attempt;
  readonly origin: Origin;
  readonly dependencies: Pick<Dependencies, 'attempts' | 'stores'>;
}

/**
 * Ends an attempt that brought no grant. Only a refusal may mark the row; whatever else went wrong
 * says nothing about the grant.
 */
export async function closeWithoutGrant(
  redeemed: WithoutGrant,
  { attempt, origin, dependencies }: Closing,
): Promise<FinishedAttempt> {
  const { attempts, stores } = dependencies;
  if (redeemed.kind !== 'refused') {
    const leastRestSeconds = redeemed.kind === 'failed' ? redeemed.retryAfterSeconds : undefined;
    const closure = redeemedToClosure(redeemed, origin);
    return await attempts.close(attempt.attemptId, closure, { leastRestSeconds });
  }
  return await markRefusedGrant(attempt, {
    attempts,
    ...stores,
    events: {
      marked: toReauthorizationRequired('grant-revoked', origin),
      failed: toTokenRefreshFailed('escrow-unreadable', origin),
    },
  });
}

function redeemedToClosure(
  redeemed: Exclude<WithoutGrant, { kind: 'refused' }>,
  origin: Origin,
): Closure {
  switch (redeemed.kind) {
    case 'unknown':
    case 'failed':
      return {
        outcome: 'failed',
        reason: redeemed.reason,
        mayHaveRotated: !NEVER_ROTATED.has(redeemed.reason),
        event: toTokenRefreshFailed(redeemed.reason, origin),
      };
    case 'unrecognized':
      return {
        outcome: 'failed',
        reason: redeemed.reason,
        event: toTokenRefreshFailed(redeemed.reason, origin),
        eventIfLasting: toReauthorizationRequired('refusal-unrecognized', origin),
      };
    case 'misconfigured':
      return {
        outcome: 'misconfigured',
        reason: redeemed.reason,
        event: toTokenRefreshFailed(`misconfigured-${redeemed.reason}`, origin),
      };
    case 'not-started':
      return { outcome: 'not-started', reason: 'no-time-left' };
  }
}

/** The error that brings the message back; a refresh that failed is left to the sweep. */
export function refreshToRetry(redeemed: WithoutGrant): Error | undefined {
  switch (redeemed.kind) {
    case 'refused':
    case 'unknown':
    case 'unrecognized':
    case 'failed':
      return undefined;
    case 'misconfigured':
      return new ConfigurationError(
        `Our client of Cafe24 is misconfigured (${redeemed.reason}): ` +
          'check CAFE24_CLIENT_ID and the client secret.',
      );
    case 'not-started':
      return new DependencyUnavailableError(
        'no-time-left',
        'Too little time was left to ask Cafe24.',
      );
  }
}
