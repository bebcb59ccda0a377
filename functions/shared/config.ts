import { z } from 'zod';
import { ConfigurationError } from './errors.ts';

/** A variable that must be there. */
export const Present = z.string({ error: 'is missing' }).min(1, { error: 'is empty', abort: true });

/** A variable whose text must look so. */
export const matching = (pattern: RegExp, expected: string) => Present.regex(pattern, expected);

/** What nine digits can say, and what Postgres and JavaScript count with without a thought. */
const MAX_NUMBER = 999_999_999;

/** A variable that is a whole number: digits alone, no sign, no exponent, no space. */
export function wholeNumber(what: string, { min = 1, max = MAX_NUMBER } = {}) {
  const expected = `expected ${what}, ${min} to ${max}`;
  return matching(/^\d{1,9}$/, expected)
    .transform(Number)
    .pipe(z.number().min(min, expected).max(max, expected));
}

/** A variable that is one of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, { error: `expected ${words.join(' or ')}` });
}

/**
 * Reads a function's configuration from its environment, once, when its module loads.
 *
 * @throws {@link ConfigurationError} names every variable that is missing or wrong, never a value.
 */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): z.output<Schema> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const problems = configProblems(result.error);
  throw new ConfigurationError(`The environment is not complete. ${problems.join('; ')}`);
}

/** `NAME: what is expected`, one for each problem, never with a value. */
export function configProblems({ issues }: z.ZodError): readonly string[] {
  return issues.map(({ path, message }) => `${path.join('.') || 'environment'}: ${message}`);
}
