import { z } from 'zod';
import { claroshopStoreVariables, claroshopVariables } from '#shared/claroshop/config.ts';

export const Config = z.object({ ...claroshopVariables, ...claroshopStoreVariables });
export type Config = z.infer<typeof Config>;
