import { z } from 'zod';
import { StorableText } from '#events/text.ts';
import { BadRequestError } from '#shared/http/errors.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import { issuesToProblems } from '#shared/http/json-body.ts';
import { dayAfter, type Days } from '#shared/sla/search.ts';

/** A page looks at one part of an index a day; more days are several requests. */
const MAX_DAYS = 31;
const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;
/** DynamoDB's limit of a partition key (AWS documentation, read 2026-11). */
const MAX_FOLDER_BYTES = 2048;

const A_LIMIT = `expected a whole number from 1 to ${String(MAX_LIMIT)}`;

/** Days around those that are asked for are counted with: all their years must have four digits. */
const FIRST_DAY = '1000-01-01';
const LAST_DAY = '9998-12-31';
const A_DAY = `expected a day from ${FIRST_DAY} to ${LAST_DAY}`;

const isDay = (text: string) => z.iso.date().safeParse(text).success;
const Day = z
  .string()
  .refine(isDay, 'expected a day: YYYY-MM-DD')
  .refine((day) => !isDay(day) || (FIRST_DAY <= day && day <= LAST_DAY), A_DAY);

const Parameters = z
  .strictObject({
    date: Day.optional(),
    from: Day.optional(),
    to: Day.optional(),
    folder: z
      .string()
      .min(1, 'expected a folder')
      .refine((folder) => Buffer.byteLength(folder) <= MAX_FOLDER_BYTES, {
        error: `expected a folder of at most ${String(MAX_FOLDER_BYTES)} bytes in UTF-8`,
      })
      .pipe(StorableText)
      .optional(),
    open: z.enum(['true', 'false'], 'expected true or false').optional(),
    limit: z
      .string()
      .regex(/^\d{1,3}$/, A_LIMIT)
      .transform(Number)
      .pipe(z.int(A_LIMIT).min(1, A_LIMIT).max(MAX_LIMIT, A_LIMIT))
      .default(DEFAULT_LIMIT),
    cursor: z.string().min(1, 'expected the cursor of an answer').optional(),
  })
  .superRefine(({ date, from, to, folder }, context) => {
    const complain = (path: readonly string[], message: string) => {
      context.addIssue({ code: 'custom', path: [...path], message });
    };
    if (date !== undefined && (from ?? to) !== undefined) {
      complain(['date'], 'expected either date, or from and to');
    }
    if (date === undefined && from === undefined && to === undefined && folder === undefined) {
      complain([], 'expected date, or from and to, or folder');
    }
    if (from === undefined && to !== undefined) complain(['from'], 'expected beside to');
    if (to === undefined && from !== undefined) complain(['to'], 'expected beside from');
    if (from === undefined || to === undefined) return;
    // Zod comes here also with days that are none.
    if (!Day.safeParse(from).success || !Day.safeParse(to).success) return;
    if (to < from) complain(['to'], 'expected a day not before from');
    if (to >= dayAfter(from, MAX_DAYS)) {
      complain(['to'], `expected at most ${String(MAX_DAYS)} days, counted from from`);
    }
  });

export interface SearchParameters {
  readonly days: Days | undefined;
  readonly folder: string | undefined;
  readonly open: boolean;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/**
 * Reads what a request asks for.
 *
 * @throws {@link BadRequestError} (400) names every parameter that is wrong, unknown ones too: a
 *   misspelt filter would find what it should have left out.
 */
export function readParameters({
  query,
  repeated,
}: Pick<HttpRequest, 'query' | 'repeated'>): SearchParameters {
  const result = Parameters.safeParse(query);
  const problems = [
    ...repeated.flatMap((path) =>
      path in Parameters.shape ? [{ path, message: 'expected once' }] : [],
    ),
    ...issuesToProblems(result.error?.issues ?? [], 'query'),
  ];
  if (!result.success || problems.length > 0) throw new BadRequestError(problems);
  const { date, from = date, to = date, folder, open, limit, cursor } = result.data;
  const days = from === undefined || to === undefined ? undefined : { from, to };
  return { days, folder, open: open === 'true', limit, cursor };
}
