import type { z } from 'zod';
import { oneOf, Present, wholeNumber } from '../config.ts';
import { ParameterName } from '../ssm/config.ts';

/** The variables of libpq that every function with a database reads. */
export const postgresVariables = {
  PGHOST: Present,
  PGPORT: wholeNumber('a port', { max: 65_535 }),
  PGUSER: Present,
  PGDATABASE: Present,
  PGSSLMODE: oneOf('disable', 'verify-full'),
  /** The password itself, or better the name of the SSM parameter that holds it. */
  PGPASSWORD: Present.optional(),
  PGPASSWORD_PARAMETER: ParameterName.optional(),
};

export type PostgresConfig = z.infer<z.ZodObject<typeof postgresVariables>>;
