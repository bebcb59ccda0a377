import { affectedAt, type Affected } from './affected.ts';
import { parseCreationDate } from './creation-date.ts';

/** What another system stored of a breach, as text; `undefined` where it stored none. */
export interface OldBreach {
  readonly affectedDate: string | undefined;
  readonly creationDate: string | undefined;
  /** Minutes. */
  readonly sla: string | undefined;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_LENGTH = 'YYYY-MM-DD'.length;
const WHOLE_NUMBER = /^\d{1,7}(?:\.0+)?$/;

/**
 * When the time of a file was over that another system recorded.
 *
 * - The affected date that it has counts, as an instant in any form that creation dates have. Without
 *   an offset it is in UTC: whoever wrote it was no sender, and servers' clocks are in UTC (Python's
 *   `utcnow().isoformat()`, Lambda's own zone).
 * - An affected date that is a day alone is that of the instant that creation date and SLA give, if
 *   it is so in the zone or in UTC; else the beginning of that day in the zone.
 * - Empty, absent, or in no form that is read: creation date and SLA decide. A creation date without
 *   an offset is in the zone of the senders; an SLA is whole minutes, also as `60.0`.
 *
 * @param zone IANA name of the senders' zone, and of the affected day.
 * @returns `undefined` when nothing of it can be read.
 */
export function affectedOfOld(old: OldBreach, zone: string): Affected | undefined {
  const { affectedDate = '' } = old;
  const stored = parseCreationDate(affectedDate, 'UTC');
  if (stored !== undefined) return affectedAt(stored, 0, zone);
  const computed = computedOf(old, zone);
  if (!DAY.test(affectedDate) || isOn(affectedDate, computed)) return computed;
  const midnight = parseCreationDate(`${affectedDate}T00:00:00`, zone);
  return midnight === undefined
    ? computed
    : { affectedDate: midnight.toISOString(), affectedDay: affectedDate };
}

function isOn(day: string, affected: Affected | undefined): boolean {
  return affected?.affectedDay === day || affected?.affectedDate.slice(0, DAY_LENGTH) === day;
}

function computedOf({ creationDate = '', sla = '' }: OldBreach, zone: string) {
  const createdAt = parseCreationDate(creationDate, zone);
  if (createdAt === undefined || !WHOLE_NUMBER.test(sla)) return undefined;
  return affectedAt(createdAt, Number(sla), zone);
}
