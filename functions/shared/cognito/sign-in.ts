import { createHmac } from 'node:crypto';
import {
  InitiateAuthCommand,
  type CognitoIdentityProviderClient,
  type InitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { ConfigurationError } from '../errors.ts';
import type { Secret } from '../ssm/secret.ts';
import { errorToRefusal, type SecretRefused, type SignInRefused } from './sign-in-refusal.ts';

/** With all of the SDK's own tries; a rotated secret makes it two such calls. */
const CALL_TIMEOUT_MS = 5_000;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type SignInAnswer =
  | { readonly kind: 'signed-in'; readonly idToken: string; readonly expiresInSeconds: number }
  | SignInRefused;

/**
 * Signs a user in.
 *
 * @throws {@link ConfigurationError} (500) Cognito refused our client, its secret or its flow.
 * @throws DependencyUnavailableError (503) Cognito, or the client's secret, can not be reached.
 */
export type SignIn = (credentials: Credentials) => Promise<SignInAnswer>;

/** A client of a user pool. */
export interface PoolClient {
  readonly clientId: string;
  /** Only where the client has one. */
  readonly secret: Secret | undefined;
}

/** Signs in by name and password (Cognito's flow USER_PASSWORD_AUTH). */
export function cognitoSignIn(
  cognito: CognitoIdentityProviderClient,
  { clientId, secret }: PoolClient,
): SignIn {
  return async (credentials) => {
    const answer = await ask(credentials);
    if (answer.kind !== 'secret-refused') return answer;
    // It may have been rotated since it was read.
    secret?.forget();
    const again = secret === undefined ? answer : await ask(credentials);
    if (again.kind !== 'secret-refused') return again;
    throw new ConfigurationError("Cognito refused our client's secret, or misses it.", {
      cause: again.cause,
    });
  };

  async function ask({ username, password }: Credentials): Promise<SignInAnswer | SecretRefused> {
    const clientSecret = await secret?.read();
    const command = new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: {
        USERNAME: username,
        PASSWORD: password,
        ...(clientSecret !== undefined && {
          SECRET_HASH: secretHash(clientSecret, username + clientId),
        }),
      },
    });
    return await cognito
      .send(command, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) })
      .then(toAnswer, errorToRefusal);
  }
}

function secretHash(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64');
}

function toAnswer({
  AuthenticationResult,
  ChallengeName,
}: InitiateAuthCommandOutput): SignInAnswer {
  if (ChallengeName !== undefined) {
    return { kind: 'action-required', code: ChallengeName.toLowerCase().replaceAll('_', '-') };
  }
  const { IdToken: idToken, ExpiresIn: expiresInSeconds } = AuthenticationResult ?? {};
  if (idToken === undefined || expiresInSeconds === undefined) {
    throw new Error('Cognito answered with neither an ID token nor a challenge.');
  }
  return { kind: 'signed-in', idToken, expiresInSeconds };
}
