import { z } from 'zod';
import { signInVariables } from '#shared/cognito/config.ts';

export const Config = z.object(signInVariables);
export type Config = z.infer<typeof Config>;
