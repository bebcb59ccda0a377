import { z } from 'zod';

export const Config = z.object({
  COGNITO_CLIENT_ID: z.string().min(1),
  /** Only where the client has a secret: itself, or better the SSM parameter that holds it. */
  COGNITO_CLIENT_SECRET: z.string().min(1).optional(),
  COGNITO_CLIENT_SECRET_PARAMETER: z.string().min(1).optional(),
});
export type Config = z.infer<typeof Config>;
