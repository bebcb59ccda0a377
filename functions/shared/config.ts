import type { z } from 'zod';
import { ConfigurationError } from './errors.ts';

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
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'environment'}: ${message}`,
  );
  throw new ConfigurationError(`The environment is not complete. ${problems.join('; ')}`);
}
