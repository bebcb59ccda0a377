import { z } from 'zod';
import { cafe24Variables } from '#shared/cafe24/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  ...cafe24Variables,
  BUS_NAME: z.string().min(1),
  ESCROW_TABLE: z.string().min(1),
  QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
});
export type Config = z.infer<typeof Config>;
