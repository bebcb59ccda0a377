import type { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { SlaErrorsRecorded } from '#events/sla-errors-recorded.ts';
import { eventIdAfter } from '#shared/event-id.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import type { Message } from '#shared/sqs/message.ts';

export type Counts = Pick<SlaErrorsRecorded, 'recorded' | 'duplicates' | 'refused'>;

/** The event's id comes from what caused it, so that a repetition is known by it. */
export function toSlaErrorsRecorded(
  counts: Counts,
  message: Message<SlaErrorSubmitted>,
  occurredAt: Date,
): OutcomeEvent {
  const { detail, causationId, correlationId } = message;
  return {
    detailType: SlaErrorsRecorded.detailType,
    detail: {
      submissionId: detail.submissionId,
      ...counts,
      metadata: {
        eventId: eventIdAfter(causationId, 'recorded'),
        occurredAt: occurredAt.toISOString(),
        correlationId,
        causationId,
      },
    },
  };
}
