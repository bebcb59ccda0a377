import { z } from 'zod';
import { Cafe24Malls } from '#shared/cafe24/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  BUS_NAME: z.string().min(1),
  ESCROW_TABLE: z.string().min(1),
  /** Whose codes are announced again or closed. */
  CAFE24_MALLS: Cafe24Malls,
});
export type Config = z.infer<typeof Config>;
