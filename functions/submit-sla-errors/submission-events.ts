import { SlaErrorSubmitted, type SlaFile } from '#events/sla-error-submitted.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { pack } from '#shared/pack.ts';

/**
 * Ten events, which one PutEvents takes, stay below its 200 KB; and a batch of ten messages gives
 * the recorder up to 1,000 files to write together.
 */
const CHUNK = { maxItems: 100, maxBytes: 19_000 };

export interface Origin {
  readonly submissionId: string;
  readonly submittedBy: string;
  readonly submittedAt: Date;
}

/** Cuts a submission into events. The same submission gives the same events, ids included. */
export function filesToEvents(
  files: readonly SlaFile[],
  { submissionId, submittedBy, submittedAt }: Origin,
): readonly OutcomeEvent[] {
  const occurredAt = submittedAt.toISOString();
  return pack(files, bytesOf, CHUNK).map((chunk, index) => ({
    detailType: SlaErrorSubmitted.detailType,
    detail: {
      submissionId,
      submittedBy,
      submittedAt: occurredAt,
      files: chunk,
      metadata: { eventId: `${submissionId}:${index}`, occurredAt, correlationId: submissionId },
    },
  }));
}

function bytesOf(file: SlaFile): number {
  return Buffer.byteLength(JSON.stringify(file)) + 1;
}
