import { z } from 'zod';

/** ISO 8601 allows both forms of an offset; `Date` and Zod know only the one with a colon. */
const WITHOUT_COLON = /([+-]\d{2})(\d{2})$/;

/** A date and time that names its zone: `Z` or an offset, with or without a colon. */
export const Instant = z
  .string()
  .transform((text) => text.replace(WITHOUT_COLON, '$1:$2'))
  .pipe(z.iso.datetime({ offset: true }));
