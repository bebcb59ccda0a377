import { z } from 'zod';
import { MallId } from '#events/mall-id.ts';
import { postgresVariables } from '#shared/postgres/config.ts';

/** `https://{mallId}.cafe24api.com`; only a local AWS may speak plain http, to itself. */
const ApiUrl = z
  .string()
  .regex(
    /^(https:\/\/\{mallId\}\.[a-z0-9.-]+|http:\/\/127\.0\.0\.1:\d+\/\{mallId\})$/,
    'expected https://{mallId}.<domain>',
  );

export const Config = z.object({
  ...postgresVariables,
  BUS_NAME: z.string().min(1),
  QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
  CAFE24_API_URL: ApiUrl,
  /** The malls that may be served, separated by commas. */
  CAFE24_MALLS: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(MallId).min(1)),
  CAFE24_CLIENT_ID: z.string().min(1),
  CAFE24_CLIENT_SECRET: z.string().min(1).optional(),
  CAFE24_CLIENT_SECRET_PARAMETER: z.string().min(1).optional(),
  /** As registered with Cafe24, to the letter. */
  CAFE24_REDIRECT_URI: z.url(),
});
export type Config = z.infer<typeof Config>;
