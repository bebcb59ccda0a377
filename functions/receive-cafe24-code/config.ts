import { z } from 'zod';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  BUS_NAME: z.string().min(1),
  /** As registered with Cafe24: whether it is https decides about the browser's cookie. */
  CAFE24_REDIRECT_URI: z.url(),
});
export type Config = z.infer<typeof Config>;
