import type { SlaErrorSubmitted, SlaFile } from '#events/sla-error-submitted.ts';
import { affectedAt } from '#shared/sla/affected.ts';
import type { SlaBreach } from '#shared/sla/breaches.ts';
import { parseCreationDate } from '#shared/sla/creation-date.ts';
import { errorIdOf } from '#shared/sla/error-id.ts';
import type { Message } from '#shared/sqs/message.ts';

/** Who reported, and when. */
export type Report = Pick<Message<Omit<SlaErrorSubmitted, 'files'>>, 'detail' | 'publishedAt'>;

/**
 * What the table keeps of one file of a submission.
 *
 * @param timeZone IANA name: of a creation date without an offset, and of the affected day.
 * @returns `undefined` when the file's creation date is no date.
 */
export function toSlaBreach(
  file: SlaFile,
  { detail, publishedAt }: Report,
  timeZone: string,
): SlaBreach | undefined {
  const createdAt = parseCreationDate(file.creationDate, timeZone);
  if (createdAt === undefined) return undefined;
  return {
    ...file,
    ...affectedAt(createdAt, file.sla, timeZone),
    errorId: errorIdOf(file, createdAt),
    reportedAt: reportedAt(detail.submittedAt, publishedAt).toISOString(),
    submissionId: detail.submissionId,
    submittedBy: detail.submittedBy,
  };
}

/** Never after the publication: one time in the future would keep its file open for good. */
function reportedAt(submittedAt: string | undefined, publishedAt: Date): Date {
  const claimed = submittedAt === undefined ? publishedAt : new Date(submittedAt);
  return claimed < publishedAt ? claimed : publishedAt;
}
