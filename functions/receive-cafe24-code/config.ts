import { z } from 'zod';
import { Cafe24RedirectUri } from '#shared/cafe24/config.ts';
import { Present } from '#shared/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  BUS_NAME: Present,
  /** As registered with Cafe24: whether it is https decides about the browser's cookie. */
  CAFE24_REDIRECT_URI: Cafe24RedirectUri,
});
export type Config = z.infer<typeof Config>;
