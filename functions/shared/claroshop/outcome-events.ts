import { TokenIssued } from '#events/token-issued.ts';
import { TokenRefreshFailed } from '#events/token-refresh-failed.ts';
import { TokenRefreshed } from '#events/token-refreshed.ts';
import type { OpenAttempt } from '../grants/leased-attempts.ts';
import type { OutcomeEvent } from '../grants/ports.ts';
import type { Bundle } from './bundle.ts';
import { subjectToAccount } from './subject.ts';

/**
 * What is told of a stored grant. It follows from the bundle and the attempt alone, so that recovery
 * tells what a dead process would have told. The store adds the version.
 */
export function bundleToEvent(bundle: Bundle, attempt: OpenAttempt): OutcomeEvent {
  const isRefresh = attempt.grantType === 'refresh_token';
  const outcome = isRefresh ? 'refreshed' : 'issued';
  const shared = common(attempt, { outcome, occurredAt: bundle.obtained_at });
  return {
    detailType: isRefresh ? TokenRefreshed.detailType : TokenIssued.detailType,
    detail: {
      ...shared,
      expiresAt: bundle.expires_at,
      ...(bundle.refresh_expires_at && { refreshTokenExpiresAt: bundle.refresh_expires_at }),
      scopes: (bundle.scope ?? '').split(' ').filter((scope) => scope !== ''),
    },
  };
}

export function toTokenRefreshFailed(
  reason: string,
  attempt: OpenAttempt,
  occurredAt: Date,
): OutcomeEvent {
  const shared = common(attempt, { outcome: 'failed', occurredAt: occurredAt.toISOString() });
  return { detailType: TokenRefreshFailed.detailType, detail: { ...shared, reason } };
}

interface Occurrence {
  readonly outcome: string;
  readonly occurredAt: string;
}

/** The id comes from attempt and outcome: each repetition of a publication has the same. */
function common({ attemptId, subject, cause }: OpenAttempt, { outcome, occurredAt }: Occurrence) {
  return {
    provider: 'claroshop',
    account: subjectToAccount(subject),
    attemptId,
    metadata: { eventId: `${attemptId}:${outcome}`, occurredAt, ...cause },
  };
}
