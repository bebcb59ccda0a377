import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { MetadataField } from './metadata.ts';
import { SubmissionId } from './sla-error-submitted.ts';

/**
 * The files of one `SlaErrorSubmitted` are stored and can be searched.
 *
 * The counts are those of the delivery that was published. Where a delivery before it had written
 * some files and then failed, these are among the duplicates.
 */
export const SlaErrorsRecorded = defineEvent(
  'SlaErrorsRecorded',
  z.object({
    /** Of the submission, where its event named one. */
    submissionId: SubmissionId,
    /** Files that were stored for the first time. */
    recorded: z.int().nonnegative(),
    /** Files that were known before, or came twice. */
    duplicates: z.int().nonnegative(),
    /** Files that can never be stored: their event lies in the dead-letter queue with the reason. */
    refused: z.int().nonnegative(),
    metadata: MetadataField,
  }),
);
export type SlaErrorsRecorded = z.infer<typeof SlaErrorsRecorded.schema>;
