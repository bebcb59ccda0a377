import { createHmac } from 'node:crypto';
import {
  InitiateAuthCommand,
  type CognitoIdentityProviderClient,
  type InitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { z } from 'zod';
import { ConfigurationError } from '../errors.ts';
import type { Secret } from '../ssm/secret.ts';
import { errorToRefusal, type SecretRefused, type SignInRefused } from './sign-in-refusal.ts';

/** With all of the SDK's own tries; a rotated secret makes it two such calls. */
const CALL_TIMEOUT_MS = 5_000;

/** Cognito's default (developer guide, read 2026-11), for an answer that does not say it. */
const ID_TOKEN_SECONDS = 3_600;

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
 * @throws {@link ConfigurationError} (500) Cognito refused our client, its secret or its flow, or gave
 *   it neither an ID token nor a challenge.
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

/** Every field is optional in the API reference (read 2026-11); an unused one may be null or empty. */
const Answer = z.object({
  ChallengeName: z.string().nullish(),
  AuthenticationResult: z
    .object({
      IdToken: z.string().nullish(),
      ExpiresIn: z.number().positive().catch(ID_TOKEN_SECONDS),
    })
    .nullish(),
});

function toAnswer(output: InitiateAuthCommandOutput): SignInAnswer {
  const { ChallengeName: challenge, AuthenticationResult: result } =
    Answer.safeParse(output).data ?? {};
  if (challenge) {
    return { kind: 'action-required', code: challenge.toLowerCase().replaceAll('_', '-') };
  }
  if (!result?.IdToken) {
    throw new ConfigurationError('Cognito answered with neither an ID token nor a challenge.');
  }
  return { kind: 'signed-in', idToken: result.IdToken, expiresInSeconds: result.ExpiresIn };
}
