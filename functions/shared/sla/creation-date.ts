import { wallTimeToInstant, type WallTime } from './wall-time.ts';

const DATE_AND_TIME =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[T ](?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?(?<offset>Z|[+-]\d\d:\d\d)?$/;

/** How Windows PowerShell 5.1 writes a date in JSON: milliseconds since 1970 in UTC. */
const POWERSHELL_5 = /^\/Date\((-?\d{1,15})\)\/$/;

/** Windows counts file times from here; older files do not exist. */
const FIRST_INSTANT_MS = Date.UTC(1601, 0, 1);
/** An SLA later the instant must still have a year of four digits. */
const END_MS = Date.UTC(9999, 0, 1);

/** .NET admits no wider offset (`DateTimeOffset`, Microsoft's documentation, read 2026-11). */
const MAX_OFFSET_MINUTES = 14 * 60;

/**
 * Reads the instant at which a file was created, in any form that senders are known to use:
 * `2024-06-15T19:25:25.1234567-05:00`, with or without fraction and offset, with a space for the
 * `T`, and `/Date(1718479525123)/`.
 *
 * @param zone IANA name of the zone that a text without an offset is in. A wall time that a change
 *   of the clocks repeats is its first occurrence, one that it skips is read with the offset before
 *   the change (as RFC 5545 section 3.3.5 has it), so that equal texts are always equal instants.
 * @returns the instant, its fraction cut (not rounded) to milliseconds; `undefined` for any other
 *   text, for dates that no calendar has (2024-02-30) and for years before 1601 or after 9998.
 */
export function parseCreationDate(text: string, zone: string): Date | undefined {
  const epochMs = readPowerShellDate(text) ?? readDateAndTime(text, zone);
  if (epochMs === undefined || epochMs < FIRST_INSTANT_MS || epochMs >= END_MS) return undefined;
  return new Date(epochMs);
}

function readPowerShellDate(text: string): number | undefined {
  const epochMs = POWERSHELL_5.exec(text)?.[1];
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
  if (offset === 'Z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(4));
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > MAX_OFFSET_MINUTES) return undefined;
  return offset.startsWith('-') ? -total : total;
}
