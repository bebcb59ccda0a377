import { z } from 'zod';
import { MallId } from '#events/mall-id.ts';

/** `https://{mallId}.cafe24api.com`; only a local AWS may speak plain http, to itself. */
const ApiUrl = z
  .string()
  .regex(
    /^(https:\/\/\{mallId\}\.[a-z0-9.-]+|http:\/\/127\.0\.0\.1:\d+\/\{mallId\})$/,
    'expected https://{mallId}.<domain>',
  );

/** The variables that every function which talks to Cafe24 reads. */
export const cafe24Variables = {
  CAFE24_API_URL: ApiUrl,
  CAFE24_CLIENT_ID: z.string().min(1),
  /** The secret itself, or better the name of the SSM parameter that holds it. */
  CAFE24_CLIENT_SECRET: z.string().min(1).optional(),
  CAFE24_CLIENT_SECRET_PARAMETER: z.string().min(1).optional(),
};

/** The malls that may be served, separated by commas. */
export const Cafe24Malls = z
  .string()
  .transform((list) => list.split(','))
  .pipe(z.array(MallId).min(1));

/** Scopes as Cafe24 takes them, e.g. `mall.read_product,mall.read_order`: a space is refused. */
export const Cafe24Scopes = z
  .string()
  .regex(/^[\w.]+(,[\w.]+)*$/, 'expected scopes separated by commas, without a space');

export type Cafe24Config = z.infer<z.ZodObject<typeof cafe24Variables>>;
