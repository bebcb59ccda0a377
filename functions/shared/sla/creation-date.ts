import { wallTimeToInstant, type WallTime } from './wall-time.ts';

const DATE_AND_TIME =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[Tt \u{A0}\u{202F}](?<hour>\d\d)(?<separator>[:.])(?<minute>\d\d)\k<separator>(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))? ?(?<offset>[Zz]|[+-]\d\d(?::?\d\d)?)?$/u;

/**
 * How .NET writes a date in JSON (Windows PowerShell 5.1 does): milliseconds since 1970 in UTC, at
 * times followed by the sender's offset, which does not change the instant ("Stand-Alone JSON
 * Serialization", Microsoft's documentation, read 2026-11).
 */
const DOT_NET = /^\/Date\((?<epochMs>-?\d{1,15})(?:[+-]\d{4})?\)\/$/;

/** Marks of writing direction, which some cultures of .NET put between the parts of a date. */
const DIRECTION_MARKS = /[\u{61C}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu;

/**
 * Years that no clock of a file server shows are those of other calendars (2567, 1445, 0006) or a
 * zero (1601, 0001, 1899): to take one at its word would store another time than the file's.
 */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2199;
const FIRST_INSTANT_MS = Date.UTC(FIRST_YEAR, 0, 1);
const END_MS = Date.UTC(LAST_YEAR + 1, 0, 1);

/** .NET admits no wider offset (`DateTimeOffset`, Microsoft's documentation, read 2026-11). */
const MAX_OFFSET_MINUTES = 14 * 60;

/**
 * Reads the instant at which a file was created, in any form that has one meaning only:
 * `2024-06-15T19:25:25.1234567-05:00`, with or without fraction and offset (`-05:00`, `-0500`,
 * `-05`, `Z`), with a blank for the `T`, dots between the parts of the time, a comma before the
 * fraction, marks of direction anywhere; and `/Date(1718479525123)/`, with or without an offset.
 *
 * @param zone IANA name of the zone that a text without an offset is in. A wall time that a change
 *   of the clocks repeats is its first occurrence, one that it skips is read with the offset before
 *   the change (as RFC 5545 section 3.3.5 has it), so that equal texts are always equal instants.
 * @returns the instant, its fraction cut (not rounded) to milliseconds; `undefined` for any other
 *   text, for dates that no calendar has (2024-02-30) and for years before 1900 or after 2199:
 *   `whyNoCreationDate` says what is wrong with it.
 */
export function parseCreationDate(text: string, zone: string): Date | undefined {
  const plain = withoutMarks(text);
  const epochMs = readDotNetDate(plain) ?? readDateAndTime(plain, zone);
  if (epochMs === undefined || epochMs < FIRST_INSTANT_MS || epochMs >= END_MS) return undefined;
  return new Date(epochMs);
}

export function withoutMarks(text: string): string {
  return text.replace(DIRECTION_MARKS, '');
}

/** @returns milliseconds since 1970; `undefined` for any other form. */
export function readDotNetDate(text: string): number | undefined {
  const epochMs = DOT_NET.exec(text)?.groups?.['epochMs'];
  return epochMs === undefined ? undefined : Number(epochMs);
}

function readDateAndTime(text: string, zone: string): number | undefined {
  const groups = DATE_AND_TIME.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const wallTime = readWallTime(groups);
  if (wallTime === undefined) return undefined;
  const { offset } = groups;
  if (offset === undefined) return wallTimeToInstant(wallTime, zone);
  const offsetMinutes = readOffset(offset);
  return offsetMinutes === undefined ? undefined : wallTime - offsetMinutes * 60_000;
}

function readWallTime(groups: Partial<Record<string, string>>): WallTime | undefined {
  const { year, month, day, hour, minute, second, fraction = '' } = groups;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const epochMs = Date.parse(text);
  // `Date` makes 1 March of 30 February and the next midnight of 24:00; it is no such day then.
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString() === text ? epochMs : undefined;
}

function readOffset(offset: string): number | undefined {
  if (/^z$/i.test(offset)) return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', ''));
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > MAX_OFFSET_MINUTES) return undefined;
  return offset.startsWith('-') ? -total : total;
}
