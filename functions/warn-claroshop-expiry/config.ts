import { z } from 'zod';
import { claroshopStoreVariables } from '#shared/claroshop/config.ts';

export const Config = z.object(claroshopStoreVariables);
export type Config = z.infer<typeof Config>;
