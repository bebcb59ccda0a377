import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BadRequestError } from '#shared/http/errors.ts';
import type { Position } from '#shared/sla/search.ts';
import type { SearchParameters } from './parameters.ts';

type Search = Pick<SearchParameters, 'days' | 'folder' | 'open'>;

/** DynamoDB's longest keys (2,048 and 1,024 bytes) as JSON in base64 fit, unless all is escaped. */
const MAX_CURSOR_LENGTH = 6_144;

const Cursor = z.strictObject({
  /** Of the search that it belongs to. */
  search: z.string(),
  day: z.iso.date().optional(),
  after: z
    // As the table has them: another system may have stored them in forms of its own.
    .strictObject({ errorId: z.string().min(1), affectedDate: z.string().min(1) })
    .optional(),
});

/**
 * A position as text for the caller to bring back. It holds no secret and gives no right: whoever
 * makes one up gets what a search of their own would give them.
 */
export function positionToCursor({ day, after }: Position, search: Search): string {
  const cursor = {
    search: digestOf(search),
    day,
    after: after && { errorId: after.errorId, affectedDate: after.affectedDate },
  };
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** @throws {@link BadRequestError} (400) the cursor is none of ours, or another search's. */
export function cursorToPosition(text: string, search: Search): Position {
  const cursor = Cursor.safeParse(decode(text)).data;
  if (cursor?.search !== digestOf(search)) throw wrongCursor();
  const { day, after } = cursor;
  if (!isPartOf(day, search)) throw wrongCursor();
  return { day, after };
}

/** Also for a position that only the store can judge. */
export function wrongCursor(): BadRequestError {
  const message = 'expected the cursor of an answer to the same search';
  return new BadRequestError([{ path: 'cursor', message }]);
}

function isPartOf(day: string | undefined, { days, folder }: Search): boolean {
  if (folder !== undefined || days === undefined) return day === undefined;
  return day !== undefined && days.from <= day && day <= days.to;
}

function decode(text: string): unknown {
  if (text.length > MAX_CURSOR_LENGTH) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function digestOf({ days, folder, open }: Search): string {
  const search = JSON.stringify([days?.from, days?.to, folder, open]);
  return createHash('sha256').update(search).digest('base64url').slice(0, 16);
}
