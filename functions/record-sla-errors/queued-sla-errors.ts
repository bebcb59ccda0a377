import { z } from 'zod';
import { filesOf, SlaErrorSubmitted, SlaFile } from '#events/sla-error-submitted.ts';

/** A file, or why it is none: each problem as it follows the file's path. */
type QueuedFile = { readonly file: SlaFile } | { readonly problems: readonly string[] };

/**
 * SlaErrorSubmitted as its queue takes it: each of its files is read for itself, so that one that is
 * wrong costs no other.
 */
export const QueuedSlaErrors = {
  detailType: SlaErrorSubmitted.detailType,
  schema: SlaErrorSubmitted.schema.extend({ files: filesOf(z.unknown().transform(readFile)) }),
};
export type QueuedSlaErrors = z.infer<typeof QueuedSlaErrors.schema>;

function readFile(sent: unknown): QueuedFile {
  const { data: file, error } = SlaFile.safeParse(sent);
  return file === undefined ? { problems: error.issues.map(issueToProblem) } : { file };
}

function issueToProblem({ path, message }: z.core.$ZodIssue): string {
  return `${path.map((step) => `.${String(step)}`).join('')}: ${message}`;
}
