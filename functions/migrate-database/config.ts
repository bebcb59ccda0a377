import { z } from 'zod';
import { postgresVariables } from '#shared/postgres/config.ts';

export const Config = z.object(postgresVariables);
export type Config = z.infer<typeof Config>;
