import { z } from 'zod';

/** The variables of libpq that every function with a database reads. */
export const postgresVariables = {
  PGHOST: z.string().min(1),
  PGPORT: z.coerce.number().int().min(1).max(65_535),
  PGUSER: z.string().min(1),
  PGDATABASE: z.string().min(1),
  PGSSLMODE: z.enum(['disable', 'verify-full']),
  /** The password itself, or better the name of the SSM parameter that holds it. */
  PGPASSWORD: z.string().min(1).optional(),
  PGPASSWORD_PARAMETER: z.string().min(1).optional(),
};

export type PostgresConfig = z.infer<z.ZodObject<typeof postgresVariables>>;
