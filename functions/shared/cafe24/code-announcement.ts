import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import type { OutcomeEvent } from '../grants/ports.ts';
import type { StoredCode } from '../grants/recovery.ts';

/** Announces a stored code; the code's own id leads to it. */
export function codeToAnnouncement({ mallId, codeId }: StoredCode, eventId: string): OutcomeEvent {
  return {
    detailType: AuthorizationCodeArrived.detailType,
    detail: { mallId, codeId, metadata: { eventId, correlationId: eventId } },
  };
}
