import { z } from 'zod';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  BUS_NAME: z.string().min(1),
  ESCROW_TABLE: z.string().min(1),
});
export type Config = z.infer<typeof Config>;
