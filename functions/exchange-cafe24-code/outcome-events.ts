import type { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { ReauthorizationRequired } from '#events/reauthorization-required.ts';
import { TokenIssued } from '#events/token-issued.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import type { Message } from '#shared/sqs/message.ts';

/** What every outcome of one attempt shares. */
export interface Origin {
  readonly attemptId: string;
  readonly mallId: string;
  readonly occurredAt: Date;
  readonly message: Pick<Message<AuthorizationCodeArrived>, 'correlationId' | 'causationId'>;
}

export function grantToTokenIssued(grant: Cafe24Grant, origin: Origin): OutcomeEvent {
  return {
    detailType: TokenIssued.detailType,
    detail: {
      ...common(origin, 'issued'),
      expiresAt: grant.expiresAt.toISOString(),
      refreshTokenExpiresAt: grant.refreshTokenExpiresAt.toISOString(),
      scopes: grant.scopes,
    },
  };
}

export function toReauthorizationRequired(
  reason: ReauthorizationRequired['reason'],
  origin: Origin,
): OutcomeEvent {
  return {
    detailType: ReauthorizationRequired.detailType,
    detail: { ...common(origin, reason), reason },
  };
}

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
