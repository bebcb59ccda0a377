import { z } from 'zod';
import { OwnError } from '../errors.ts';
import type { FinishedAttempt } from '../grants/ports.ts';
import { errorField } from '../log.ts';
import type { Database } from './database.ts';

export const OutcomeEventRow = z.object({
  detailType: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

/** Columns of a finished attempt; `event` is null once it is published. */
export const FinishedRow = z.object({
  attempt_id: z.uuid(),
  outcome: z.string(),
  event: OutcomeEventRow.nullable(),
});
export const finishedColumns = (of: string): string => `${of}.attempt_id, ${of}.outcome,
  case when ${of}.published_at is null then ${of}.event end as event`;

export function rowToFinishedAttempt(row: z.output<typeof FinishedRow>): FinishedAttempt {
  return {
    attemptId: row.attempt_id,
    outcome: row.outcome,
    unpublished: row.event ?? undefined,
  };
}

type Row = z.output<typeof FinishedRow>;

/**
 * Tells each attempt's end: by the rows that a statement returned and, for attempts that it left
 * alone because they were over before, by looking these up.
 *
 * @param run of the statement: where that was to be fresh, the look must be too.
 * @returns in place of an end the error (unknown: retry) that an attempt is not finished, or why
 *   nobody can tell now.
 */
export async function endsOf(
  run: Database['run'],
  attemptIds: readonly string[],
  ended: readonly Row[],
): Promise<readonly (FinishedAttempt | Error)[]> {
  const rows = new Map(ended.map((row) => [row.attempt_id, row]));
  const earlier = await readFinished(
    run,
    attemptIds.filter((attemptId) => !rows.has(attemptId)),
  );
  return attemptIds.map((attemptId) => {
    const row = rows.get(attemptId);
    return row === undefined ? earlier(attemptId) : rowToFinishedAttempt(row);
  });
}

/** The end of the only attempt that was asked about. @throws why nobody can tell it. */
export function theEndOf([end]: readonly (FinishedAttempt | Error)[]): FinishedAttempt {
  if (end === undefined || end instanceof Error) throw end ?? new OwnError('No end was told.');
  return end;
}

/** Does not throw: those whose end is known must not be failed by those whose end is not. */
async function readFinished(
  run: Database['run'],
  attemptIds: readonly string[],
): Promise<(attemptId: string) => FinishedAttempt | Error> {
  if (attemptIds.length === 0) return notFinished;
  try {
    const found = await run({
      text: `select ${finishedColumns('attempt')} from cafe24.token_attempts attempt
              where attempt_id = any($1::uuid[]) and finished_at is not null`,
      values: [attemptIds],
      row: FinishedRow,
    });
    const ends = new Map(found.map((row) => [row.attempt_id, rowToFinishedAttempt(row)]));
    return (attemptId) => ends.get(attemptId) ?? notFinished(attemptId);
  } catch (error) {
    const { error: failure } = errorField(error);
    return () => failure;
  }
}

function notFinished(attemptId: string): Error {
  return new OwnError(`Attempt ${attemptId} is not finished.`);
}
