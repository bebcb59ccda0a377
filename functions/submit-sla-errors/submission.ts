import { z } from 'zod';
import { slaFileFields, type SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { parseCreationDate } from '#shared/sla/creation-date.ts';

export type SlaFile = SlaErrorSubmitted['files'][number];

/** What one request may bring in; its body is well below the 6 MB that Lambda takes. */
const MAX_FILES = 10_000;

const { folder, sla, filename, creationDate } = slaFileFields;

/**
 * The body of a submission, as PowerShell senders send it: an array of one may come as its only
 * element.
 *
 * @param zone of dates without an offset.
 * @returns a schema that gives the files, each with its folder and SLA, in the order of the body.
 */
export function submissionIn(zone: string) {
  const File = object('filename and creationDate', {
    filename,
    creationDate: creationDate.refine(
      (text) => parseCreationDate(text, zone) !== undefined,
      'expected a date and time that exists, e.g. 2024-06-15T19:25:25-05:00',
    ),
  });
  const Entry = object('folder, sla and files', { folder, sla, files: oneOrMore(File, 'file') });
  return object('sla_error', { sla_error: oneOrMore(Entry, 'folder with its files') })
    .transform((body) => body.sla_error.flatMap(entryToFiles))
    .refine((files) => files.length <= MAX_FILES, {
      path: ['sla_error'],
      error: `expected at most ${MAX_FILES} files in one request`,
    });
}

function entryToFiles({
  files,
  ...common
}: {
  readonly folder: string;
  readonly sla: number;
  readonly files: readonly { readonly filename: string; readonly creationDate: string }[];
}): SlaFile[] {
  return files.map((file) => ({ ...common, ...file }));
}

function object<Shape extends z.core.$ZodLooseShape>(fields: string, shape: Shape) {
  return z.object(shape, {
    error: ({ input }) => orDepth(`expected an object with ${fields}`, input),
  });
}

function oneOrMore<Element extends z.ZodType>(element: Element, name: string) {
  const expected = `expected at least one ${name}`;
  const isOne = (value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return z.preprocess(
    (value) => (isOne(value) ? [value] : value),
    z.array(element, { error: ({ input }) => orDepth(expected, input) }).min(1, expected),
  );
}

/** `ConvertTo-Json` writes what lies deeper than its -Depth (2 by default) as text. */
function orDepth(expected: string, input: unknown): string {
  if (typeof input !== 'string') return expected;
  return `${expected}, got text: in PowerShell, call ConvertTo-Json with -Depth 5`;
}
