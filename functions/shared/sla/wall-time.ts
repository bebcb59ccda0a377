/** What the clocks of a zone show, as milliseconds since 1970 as if the zone were UTC. */
export type WallTime = number;

/** Longer than the time between a wall time and the instant at which any zone shows it. */
const A_DAY_MS = 86_400_000;

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Finds the instant, in milliseconds since 1970, at which the clocks of the zone show `wallTime`:
 * the first of two, and for a wall time that was skipped the one that the clocks would have shown
 * without the change.
 *
 * @throws RangeError the runtime knows no such zone.
 */
export function wallTimeToInstant(wallTime: WallTime, zone: string): number {
  const before = wallTime - offsetMsAt(wallTime - A_DAY_MS, zone);
  const after = wallTime - offsetMsAt(wallTime + A_DAY_MS, zone);
  const isShown = (instant: number) => instant + offsetMsAt(instant, zone) === wallTime;
  return !isShown(before) && isShown(after) ? after : before;
}

/** Whether the runtime knows the IANA name of a zone. */
export function isKnownZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

function offsetMsAt(instant: number, zone: string): number {
  const wholeSeconds = Math.floor(instant / 1000) * 1000;
  const parts = formatOf(zone).formatToParts(wholeSeconds);
  const shown = new Map(parts.map(({ type, value }) => [type, Number(value)]));
  const [year, month, ...rest] = FIELDS.map((field) => shown.get(field) ?? 0);
  return Date.UTC(year ?? 0, (month ?? 0) - 1, ...rest) - wholeSeconds;
}

/** Making a format costs a hundred times what using it does. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, format);
  return format;
}
