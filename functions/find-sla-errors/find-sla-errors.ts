import type { Deadline } from '#shared/clock.ts';
import { DependencyRefusedError } from '#shared/errors.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import { ok, type HttpResponse } from '#shared/http/response.ts';
import type { BreachPage, PageRequest } from '#shared/sla/search.ts';
import { cursorToPosition, positionToCursor, wrongCursor } from './cursor.ts';
import type { Dependencies } from './dependencies.ts';
import { readParameters } from './parameters.ts';

/** Of the keys that a line of the log names. */
const NAMED_KEYS = 20;

export interface Means {
  readonly deadline: Deadline;
  readonly dependencies: Dependencies;
}

/**
 * Finds recorded files, newest affected date first.
 *
 * Parameters: `date` (a day, `YYYY-MM-DD`, in the configured zone) or `from` and `to` (at most 31
 * days, both included); `folder` (to the letter as it was sent); at least one of both. `open=true`:
 * only what was reported lately, so it is still stuck. `limit` (1 to 200, 50 without it). `cursor`:
 * that of the answer before.
 *
 * @returns 200 with `{ "files": [{ errorId, folder, filename, sla, creationDate, affectedDate,
 *   affectedDay, firstReportedAt, lastReportedAt, submissionId, submittedBy }], "cursor": "…" }`:
 *   `sla` in minutes, `creationDate` as sent, the other dates in UTC. There is a cursor as long as
 *   there may be more, and a page before the last may have few files or none. An item that another
 *   system stored and that can't be read is left out, named in the log and counted.
 * @throws {@link AuthenticationError} (401) the Bearer token is missing or not to be trusted.
 * @throws {@link BadRequestError} (400) names every parameter that is wrong.
 * @throws {@link DependencyUnavailableError} (503) the table, or the issuer's keys, can't be read.
 */
export async function findSlaErrors(
  request: HttpRequest,
  { deadline, dependencies }: Means,
): Promise<HttpResponse> {
  await dependencies.tokens.verify(request.header('authorization'));
  const parameters = readParameters(request);
  const { days, folder, limit, cursor } = parameters;
  const { breaches, unreadable, next } = await readPage(
    {
      query: { days, folder, reportedSince: parameters.open ? openSince(dependencies) : undefined },
      from: cursor === undefined ? undefined : cursorToPosition(cursor, parameters),
      limit,
      deadline,
    },
    dependencies,
  );
  tellUnreadable(unreadable, dependencies);
  return ok({
    files: breaches,
    ...(next !== undefined && { cursor: positionToCursor(next, parameters) }),
  });
}

function tellUnreadable(errorIds: readonly string[], { log, metrics }: Dependencies): void {
  if (errorIds.length === 0) return;
  metrics.gauge('UnreadableSlaErrors', errorIds.length);
  const count = errorIds.length;
  log.warn('items-unreadable', { count, errorIds: errorIds.slice(0, NAMED_KEYS).join(' ') });
}

function openSince({ clock, openMinutes }: Dependencies): string {
  return new Date(clock().getTime() - openMinutes * 60_000).toISOString();
}

async function readPage(request: PageRequest, { search }: Dependencies): Promise<BreachPage> {
  try {
    return await search.page(request);
  } catch (thrown) {
    if (thrown instanceof DependencyRefusedError && request.from !== undefined) throw wrongCursor();
    throw thrown;
  }
}
