import { ReauthorizationRequired } from '#events/reauthorization-required.ts';
import { TokenIssued } from '#events/token-issued.ts';
import { TokenRefreshFailed } from '#events/token-refresh-failed.ts';
import { TokenRefreshed } from '#events/token-refreshed.ts';
import type { OutcomeEvent } from '../grants/ports.ts';
import type { Cafe24Grant } from './grant.ts';

/** What every outcome of one attempt shares. The store adds the version. */
export interface Origin {
  readonly attemptId: string;
  readonly mallId: string;
  readonly occurredAt: Date;
  readonly message: { readonly correlationId: string; readonly causationId: string };
}

export function grantToTokenIssued(grant: Cafe24Grant, origin: Origin): OutcomeEvent {
  return grantToEvent(TokenIssued.detailType, grant, common(origin, 'issued'));
}

export function grantToTokenRefreshed(grant: Cafe24Grant, origin: Origin): OutcomeEvent {
  return grantToEvent(TokenRefreshed.detailType, grant, common(origin, 'refreshed'));
}

export function toReauthorizationRequired(
  reason: ReauthorizationRequired['reason'],
  origin: Origin,
): OutcomeEvent {
  return {
    detailType: ReauthorizationRequired.detailType,
    detail: { ...common(origin, 'reauthorization-required'), reason },
  };
}

export function toTokenRefreshFailed(reason: string, origin: Origin): OutcomeEvent {
  return {
    detailType: TokenRefreshFailed.detailType,
    detail: { ...common(origin, 'failed'), reason },
  };
}

function grantToEvent(detailType: string, grant: Cafe24Grant, shared: object): OutcomeEvent {
  return {
    detailType,
    detail: {
      ...shared,
      expiresAt: grant.expiresAt.toISOString(),
      refreshTokenExpiresAt: grant.refreshTokenExpiresAt.toISOString(),
      scopes: grant.scopes,
    },
  };
}

/** The id comes from attempt and outcome: each repetition of a publication has the same. */
function common({ attemptId, mallId, occurredAt, message }: Origin, outcome: string) {
  const { correlationId, causationId } = message;
  return {
    provider: 'cafe24',
    mallId,
    attemptId,
    metadata: {
      eventId: `${attemptId}:${outcome}`,
      occurredAt: occurredAt.toISOString(),
      correlationId,
      causationId,
    },
  };
}
