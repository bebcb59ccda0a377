import { z } from 'zod';

/** ClaroShop's public client, the same for everybody. */
export const CLAROSHOP_CLIENT_ID = 'integradores';

/** The token endpoint of the realm; only a local AWS may speak plain http, to itself. */
const TokenUrl = z
  .string()
  .regex(
    /^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/127\.0\.0\.1:\d+)\/[\w./~-]+$/,
    'expected https://<host>/<path>',
  );

/** The variables that every function which talks to ClaroShop reads. */
export const claroshopVariables = {
  CLAROSHOP_TOKEN_URL: TokenUrl,
  /** The account's user name itself, or better the name of the SSM parameter that holds it. */
  CLAROSHOP_USERNAME: z.string().min(1).optional(),
  CLAROSHOP_USERNAME_PARAMETER: z.string().min(1).optional(),
  /** The same for its password. */
  CLAROSHOP_PASSWORD: z.string().min(1).optional(),
  CLAROSHOP_PASSWORD_PARAMETER: z.string().min(1).optional(),
};
export type ClaroshopConfig = z.infer<z.ZodObject<typeof claroshopVariables>>;
