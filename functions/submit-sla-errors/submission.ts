import { z } from 'zod';
import { listOf } from '#events/list.ts';
import type { SlaFile } from '#events/sla-error-submitted.ts';
import type { Problem } from '#shared/http/errors.ts';
import { issuesToProblems, readJsonBody } from '#shared/http/json-body.ts';
import { anObject, found, listed, orDepth } from '#shared/http/powershell.ts';
import { fileIn, Folder } from './sla-file.ts';

/** What one request may bring in; its body is well below the 6 MB that Lambda takes. */
const MAX_FILES = 10_000;
const TOO_MANY = `expected at most ${MAX_FILES} files in one request`;

/** What a body brings: each file has its own fate. */
export interface Submission {
  /** In the order of the body, each with its folder and SLA. */
  readonly files: readonly SlaFile[];
  /** Of all that is not among `files`, by path. */
  readonly problems: readonly Problem[];
}

/** A list that is judged by its length: each of its elements comes later, for itself. */
const list = (name: string, min: number) =>
  listOf(z.unknown(), {
    min,
    max: MAX_FILES,
    expected: (input) =>
      Array.isArray(input) && input.length > 0
        ? TOO_MANY
        : orDepth(`expected at least one ${name}`, input),
  });

const Body = anObject('sla_error', { sla_error: z.unknown().optional() });
const Entries = z.preprocess(listed, list('folder with its files', 1));
const Entry = anObject('folder, sla and files', {
  folder: z.unknown().optional(),
  sla: z.unknown().optional(),
  files: z.unknown().optional(),
});
const Files = z.preprocess(found, list('file', 0));

/**
 * Reads the body of a submission as PowerShell senders send it.
 *
 * @param zone of dates without an offset.
 * @returns every file that can be recorded, and every problem. A body without any file has one.
 */
export function readSubmission(body: string, zone: string): Submission {
  const report = readJsonBody(body, Body);
  if (report.problems !== undefined) return { files: [], problems: report.problems };
  const { data, error } = Entries.safeParse(report.data.sla_error);
  if (data === undefined) return { files: [], problems: problemsAt(['sla_error'], { error }) };
  const entries = data.map((entry, index) => readEntry(entry, index));
  const count = entries.reduce((sum, { files }) => sum + files.length, 0);
  if (count > MAX_FILES) return refusal('sla_error', TOO_MANY);

  const File = fileIn(zone);
  const read = entries.map((entry) => readFiles(entry, File));
  const files = read.flatMap((part) => part.files);
  const problems = read.flatMap((part) => part.problems);
  if (files.length + problems.length > 0) return { files, problems };
  return refusal('sla_error[0].files', 'expected at least one file');
}

/** A folder whose files are counted, but not looked at. */
interface OpenEntry {
  readonly path: readonly PropertyKey[];
  readonly folder: z.output<typeof Folder> | undefined;
  readonly files: readonly unknown[];
  readonly problems: readonly Problem[];
}

function readEntry(content: unknown, index: number): OpenEntry {
  const path = ['sla_error', index];
  const entry = Entry.safeParse(content);
  if (!entry.success) {
    return { path, folder: undefined, files: [], problems: problemsAt(path, entry) };
  }
  const folder = Folder.safeParse(entry.data);
  const files = Files.safeParse(entry.data.files);
  const problems = [...problemsAt(path, folder), ...problemsAt([...path, 'files'], files)];
  return { path, folder: folder.data, files: files.data ?? [], problems };
}

/** The files of a folder that is wrong are looked at as well: every problem is told at once. */
function readFiles(
  { path, folder, files, problems }: OpenEntry,
  File: ReturnType<typeof fileIn>,
): Submission {
  const read = files.map((file) => File.safeParse(file));
  const ofFiles = read.flatMap((file, index) => problemsAt([...path, 'files', index], file));
  return {
    files: read.flatMap(({ data }) => (data && folder ? [{ ...folder, ...data }] : [])),
    problems: [...problems, ...ofFiles],
  };
}

function problemsAt(
  path: readonly PropertyKey[],
  { error }: Pick<z.ZodSafeParseResult<unknown>, 'error'>,
): readonly Problem[] {
  const issues = error?.issues ?? [];
  return issuesToProblems(issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })));
}

function refusal(path: string, message: string): Submission {
  return { files: [], problems: [{ path, message }] };
}
