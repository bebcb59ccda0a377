import { z } from 'zod';
import { cafe24Variables } from '#shared/cafe24/config.ts';
import { Present } from '#shared/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  BUS_NAME: Present,
  /** Whose grants are announced. */
  CAFE24_CLIENT_ID: cafe24Variables.CAFE24_CLIENT_ID,
});
export type Config = z.infer<typeof Config>;
