import { z } from 'zod';
import { cafe24Variables } from '#shared/cafe24/config.ts';
import { Present } from '#shared/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  ...cafe24Variables,
  BUS_NAME: Present,
  ESCROW_TABLE: Present,
  QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
});
export type Config = z.infer<typeof Config>;
