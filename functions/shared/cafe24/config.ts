import { z } from 'zod';
import { MallId } from '#events/mall-id.ts';
import { matching, Present } from '../config.ts';
import { ParameterName } from '../ssm/config.ts';

/** `https://{mallId}.cafe24api.com`; only a local AWS may speak plain http, to itself. */
const ApiUrl = matching(
  /^(https:\/\/\{mallId\}\.[a-z0-9.-]+|http:\/\/127\.0\.0\.1:\d+\/\{mallId\})$/,
  'expected https://{mallId}.<domain> in lower case, without a path and a "/" at the end',
);

/** The variables that every function which talks to Cafe24 reads. */
export const cafe24Variables = {
  CAFE24_API_URL: ApiUrl,
  CAFE24_CLIENT_ID: Present,
  /** The secret itself, or better the name of the SSM parameter that holds it. */
  CAFE24_CLIENT_SECRET: Present.optional(),
  CAFE24_CLIENT_SECRET_PARAMETER: ParameterName.optional(),
};

/** The malls that may be served, separated by commas. */
export const Cafe24Malls = Present.transform((list) =>
  list.split(',').filter((mall) => mall !== ''),
).pipe(z.array(MallId).min(1, 'expected at least one mall id'));

/** Scopes as Cafe24 takes them, e.g. `mall.read_product,mall.read_order`: a space is refused. */
export const Cafe24Scopes = matching(
  /^[\w.]+(,[\w.]+)*$/,
  'expected scopes separated by commas, without a space',
);

/**
 * As registered with Cafe24, to the letter: whether it is https decides about the browser's cookie.
 * RFC 6749 (section 3.1.2) wants it absolute and without a fragment.
 */
export const Cafe24RedirectUri = Present.pipe(
  z.url({ protocol: /^https?$/, error: 'expected an absolute URL, e.g. https://<host>/callback' }),
).refine((uri) => !uri.includes('#'), 'expected a URL without "#"');

export type Cafe24Config = z.infer<z.ZodObject<typeof cafe24Variables>>;
