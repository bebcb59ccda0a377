import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { SSMClient } from '@aws-sdk/client-ssm';
import { awsClient } from '#shared/aws-client.ts';
import { systemClock } from '#shared/clock.ts';
import { cognitoSignIn, type SignIn } from '#shared/cognito/sign-in.ts';
import { secretFrom, type Secret } from '#shared/ssm/secret.ts';
import type { Config } from './config.ts';

export interface Dependencies {
  readonly signIn: SignIn;
}

export function runtimeDependencies(config: Config): Dependencies {
  const client = { clientId: config.COGNITO_CLIENT_ID, secret: clientSecret(config) };
  return { signIn: cognitoSignIn(awsClient(CognitoIdentityProviderClient), client) };
}

function clientSecret(config: Config): Secret | undefined {
  const source = {
    name: 'COGNITO_CLIENT_SECRET',
    value: config.COGNITO_CLIENT_SECRET,
    parameter: config.COGNITO_CLIENT_SECRET_PARAMETER,
  };
  if (source.value === undefined && source.parameter === undefined) return undefined;
  return secretFrom(source, { ssm: awsClient(SSMClient), clock: systemClock });
}
