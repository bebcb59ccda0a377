import { z } from 'zod';
import { wholeNumber } from '#shared/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

const Seconds = wholeNumber('a number of seconds', { min: 0 });

export const Config = z.object({
  ...postgresVariables,
  /** How long before its expiry a grant is due at the latest. */
  REFRESH_MARGIN_SECONDS: Seconds,
  /** Due dates are spread over so much time before that. */
  REFRESH_JITTER_SECONDS: Seconds,
});
export type Config = z.infer<typeof Config>;
