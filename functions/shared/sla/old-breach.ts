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
const WHOLE_NUMBER = /^\d{1,7}(?:\.0+)?$/;

/**
 * When the time of a file was over that another system recorded.
 *
 * The affected date that it has counts: as an instant in any form that creation dates have, or as a
 * day, on which it is at the instant that creation date and SLA give, else at the day's beginning.
 * Without one that can be read, creation date and SLA decide.
 *
 * @param zone IANA name of the zone of dates without an offset, and of the affected day.
 * @returns `undefined` when nothing of it can be read.
 */
export function affectedOfOld(old: OldBreach, zone: string): Affected | undefined {
  const { affectedDate = '' } = old;
  const stored = parseCreationDate(affectedDate, zone);
  if (stored !== undefined) return affectedAt(stored, 0, zone);
  const computed = computedOf(old, zone);
  if (!DAY.test(affectedDate) || computed?.affectedDay === affectedDate) return computed;
  const midnight = parseCreationDate(`${affectedDate}T00:00:00`, zone);
  return midnight === undefined
    ? computed
    : { affectedDate: midnight.toISOString(), affectedDay: affectedDate };
}

function computedOf({ creationDate = '', sla = '' }: OldBreach, zone: string) {
  const createdAt = parseCreationDate(creationDate, zone);
  if (createdAt === undefined || !WHOLE_NUMBER.test(sla)) return undefined;
  return affectedAt(createdAt, Number(sla), zone);
}
