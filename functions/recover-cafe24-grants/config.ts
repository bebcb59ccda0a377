import { z } from 'zod';
import { Cafe24Malls } from '#shared/cafe24/config.ts';
import { Present } from '#shared/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  BUS_NAME: Present,
  ESCROW_TABLE: Present,
  /** Whose codes are announced again or closed. */
  CAFE24_MALLS: Cafe24Malls,
});
export type Config = z.infer<typeof Config>;
