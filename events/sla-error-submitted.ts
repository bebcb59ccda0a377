import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { descriptive } from './fields.ts';
import { Instant } from './instant.ts';
import { listOf } from './list.ts';
import { MAX_ID_LENGTH, MetadataField, OccurrenceId } from './metadata.ts';
import { DescriptiveText, isStorable, WITHOUT_UNSTORABLE } from './text.ts';

/** A Windows file name has at most 255 UTF-16 units; other systems' fit as well. */
const MAX_FILENAME_BYTES = 1024;
/** DynamoDB's limit of a partition key, which the folder is (AWS documentation, read 2026-11). */
const MAX_FOLDER_BYTES = 2048;
const MAX_CREATION_DATE_LENGTH = 64;
const MAX_FILES = 1000;

const WHOLE_MINUTES = 'expected whole minutes from 20 to 1440';

/** Text that says something, kept as it was sent. */
const text = (name: string, maxBytes: number) =>
  z
    .string(`expected ${name}: text`)
    .regex(/\S/, `expected ${name}, got nothing but blanks`)
    .refine((value) => Buffer.byteLength(value) <= maxBytes, {
      error: `expected ${name} of at most ${String(maxBytes)} bytes in UTF-8`,
    })
    .refine(isStorable, `expected ${name} ${WITHOUT_UNSTORABLE}`);

/** What one file of a submission consists of, however it came. */
export const slaFileFields = {
  folder: text('a folder', MAX_FOLDER_BYTES),
  filename: text('a file name', MAX_FILENAME_BYTES),
  /** Minutes that the file may stay. */
  sla: z.int(WHOLE_MINUTES).min(20, WHOLE_MINUTES).max(1440, WHOLE_MINUTES),
  /** As sent: whoever needs the instant reads it with `parseCreationDate`. */
  creationDate: text('a date and time', MAX_CREATION_DATE_LENGTH),
};

export const SubmissionId = descriptive(OccurrenceId);

const expectedFiles = (input: unknown) =>
  `expected a list of 1 to ${String(MAX_FILES)} files` +
  (Array.isArray(input) ? `, got ${String(input.length)}` : '');

/**
 * Files stay in their folders longer than they may. The same files come again and again, in this
 * and in other submissions, until somebody moves them.
 *
 * A publisher of its own needs no more than `files`.
 */
export const SlaErrorSubmitted = defineEvent(
  'SlaErrorSubmitted',
  z.object({
    /** Shared by all events that one request was cut into; whatever its sender calls it. */
    submissionId: SubmissionId,
    /** The sender's `sub` or user name; never an e-mail address. */
    submittedBy: descriptive(z.string().min(1).max(MAX_ID_LENGTH).pipe(DescriptiveText)),
    /** Where it can't be read, the files were submitted when the event was published. */
    submittedAt: descriptive(Instant),
    files: listOf(z.object(slaFileFields), { min: 1, max: MAX_FILES, expected: expectedFiles }),
    metadata: MetadataField,
  }),
);
export type SlaErrorSubmitted = z.infer<typeof SlaErrorSubmitted.schema>;
