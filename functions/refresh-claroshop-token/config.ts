import { z } from 'zod';
import { claroshopStoreVariables, claroshopVariables } from '#shared/claroshop/config.ts';

export const Config = z.object({
  ...claroshopVariables,
  ...claroshopStoreVariables,
  QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
});
export type Config = z.infer<typeof Config>;
