import { Present } from '../config.ts';
import { isKnownZone } from './wall-time.ts';

/** IANA name of the senders' zone: of dates without an offset, and of the days of a search. */
export const TimeZone = Present.refine(
  isKnownZone,
  'expected an IANA zone, e.g. America/Mexico_City',
);
