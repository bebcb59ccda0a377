import { z } from 'zod';
import { ConfigurationError } from '../errors.ts';

/** The variables of every function that verifies tokens. */
export const tokenVariables = {
  /** Where a pool is not at its usual address (a local AWS); else the pool's id says it. */
  COGNITO_ISSUER: z
    .string()
    .regex(/^(https:\/\/|http:\/\/127\.0\.0\.1:\d+\/)[^?#]*[^/?#]$/, 'expected https://…')
    .optional(),
  COGNITO_USER_POOL_ID: z.string().min(1).optional(),
  AWS_REGION: z.string().min(1),
  COGNITO_CLIENT_ID: z.string().min(1),
  /** Which of Cognito's two tokens senders present. */
  COGNITO_TOKEN_USE: z.enum(['id', 'access']).default('id'),
};

type TokenConfig = z.infer<z.ZodObject<typeof tokenVariables>>;

/**
 * The `iss` of the pool's tokens, without a slash at the end.
 *
 * @throws {@link ConfigurationError} neither COGNITO_ISSUER nor COGNITO_USER_POOL_ID is set.
 */
export function issuerOf(config: TokenConfig): string {
  const { COGNITO_ISSUER, COGNITO_USER_POOL_ID, AWS_REGION } = config;
  if (COGNITO_ISSUER !== undefined) return COGNITO_ISSUER;
  if (COGNITO_USER_POOL_ID === undefined) {
    throw new ConfigurationError('Set COGNITO_USER_POOL_ID or COGNITO_ISSUER.');
  }
  return `https://cognito-idp.${AWS_REGION}.amazonaws.com/${COGNITO_USER_POOL_ID}`;
}
