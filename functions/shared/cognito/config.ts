import type { z } from 'zod';
import { matching, oneOf, Present } from '../config.ts';
import { ConfigurationError } from '../errors.ts';
import { ParameterName } from '../ssm/config.ts';
import type { TrustedTokens } from './token-verifier.ts';

/** Only a local AWS may speak plain http, to itself. */
const IssuerUrl = matching(
  /^(https:\/\/[^\s/?#]+|http:\/\/127\.0\.0\.1:\d+)(\/[^\s?#]*[^\s/?#])?$/,
  'expected https://<host>, without "/" at the end',
);

/** The variables of every function that verifies tokens. */
export const tokenVariables = {
  /** Where a pool is not at its usual address (a local AWS); else the pool's id says it. */
  COGNITO_ISSUER: IssuerUrl.optional(),
  /** As Cognito's API reference has it (read 2026-11): at most 55 characters. */
  COGNITO_USER_POOL_ID: matching(
    /^(?=.{1,55}$)[\w-]+_[0-9a-zA-Z]+$/,
    'expected the id of a user pool, e.g. eu-west-1_AbCdEfGhI',
  ).optional(),
  AWS_REGION: Present,
  COGNITO_CLIENT_ID: Present,
  /** Which of Cognito's two tokens senders present. */
  COGNITO_TOKEN_USE: oneOf('id', 'access').default('id'),
};

/** The variables of the function that signs users in. */
export const signInVariables = {
  COGNITO_CLIENT_ID: tokenVariables.COGNITO_CLIENT_ID,
  /** Only where the client has a secret: itself, or better the SSM parameter that holds it. */
  COGNITO_CLIENT_SECRET: Present.optional(),
  COGNITO_CLIENT_SECRET_PARAMETER: ParameterName.optional(),
};

type TokenConfig = z.infer<z.ZodObject<typeof tokenVariables>>;

/**
 * What the pool's tokens have to say.
 *
 * @throws {@link ConfigurationError} neither COGNITO_ISSUER nor COGNITO_USER_POOL_ID is set.
 */
export function trustedTokens(config: TokenConfig): TrustedTokens {
  return {
    issuers: issuersOf(config),
    clientId: config.COGNITO_CLIENT_ID,
    tokenUse: config.COGNITO_TOKEN_USE,
  };
}

/**
 * Every `iss` that tokens of the pool may have, without a slash at the end.
 *
 * A pool's owner may switch between two forms at any time, and a replica of a pool in another region
 * has the id of the first, but may name its own region (Cognito's API reference,
 * IssuerConfigurationType; awslabs/aws-jwt-verify #237 and #282; read 2026-11).
 */
function issuersOf(config: TokenConfig): readonly string[] {
  const { COGNITO_ISSUER, COGNITO_USER_POOL_ID: pool, AWS_REGION } = config;
  if (COGNITO_ISSUER !== undefined) return [COGNITO_ISSUER];
  if (pool === undefined) {
    throw new ConfigurationError('Set COGNITO_USER_POOL_ID or COGNITO_ISSUER.');
  }
  const [regionOfPool] = pool.split('_');
  const hosts = [
    `cognito-idp.${AWS_REGION}`,
    `cognito-idp.${regionOfPool}`,
    `issuer-cognito-idp.${regionOfPool}`,
  ];
  return [...new Set(hosts)].map((host) => `https://${host}.amazonaws.com/${pool}`);
}
