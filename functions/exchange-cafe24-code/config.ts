import { z } from 'zod';
import { Cafe24Malls, cafe24Variables } from '#shared/cafe24/config.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object({
  ...postgresVariables,
  ...cafe24Variables,
  BUS_NAME: z.string().min(1),
  ESCROW_TABLE: z.string().min(1),
  QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
  CAFE24_MALLS: Cafe24Malls,
  /** As registered with Cafe24, to the letter. */
  CAFE24_REDIRECT_URI: z.url(),
});
export type Config = z.infer<typeof Config>;
