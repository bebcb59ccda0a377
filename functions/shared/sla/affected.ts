/** When a file's time was over: the instant, and the day on which people look for it. */
export interface Affected {
  /** ISO-8601 UTC, always with milliseconds, so that texts sort as instants do. */
  readonly affectedDate: string;
  /** `YYYY-MM-DD` of that instant in the zone. */
  readonly affectedDay: string;
}

/**
 * @param slaMinutes how long the file was allowed to stay.
 * @param zone IANA name of the zone whose days people search by.
 */
export function affectedAt(createdAt: Date, slaMinutes: number, zone: string): Affected {
  const instant = new Date(createdAt.getTime() + slaMinutes * 60_000);
  return { affectedDate: instant.toISOString(), affectedDay: formatOf(zone).format(instant) };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times what using it does. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  formats.set(zone, format);
  return format;
}
