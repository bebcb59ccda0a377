import { z } from 'zod';
import { isStorable, WITHOUT_UNSTORABLE } from '#events/text.ts';
import { parseJsonBody } from '#shared/http/json-body.ts';
import { withUnwrappedFields } from '#shared/http/powershell.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import {
  badRequest,
  forbidden,
  ok,
  tooManyRequests,
  unauthorized,
  type HttpResponse,
} from '#shared/http/response.ts';
import type { Dependencies } from './dependencies.ts';

/** Cognito's limits of both (API reference of InitiateAuth and SignUp, read 2026-11). */
const MAX_USERNAME_LENGTH = 128;
const MAX_PASSWORD_LENGTH = 256;

const text = (name: string, maxLength: number) => {
  const expected = `expected ${name}: text of 1 to ${maxLength} characters`;
  return z
    .string(expected)
    .min(1, expected)
    .max(maxLength, expected)
    .refine(isStorable, `expected ${name} ${WITHOUT_UNSTORABLE}`);
};

const Body = withUnwrappedFields(
  z.object(
    {
      username: text('a user name', MAX_USERNAME_LENGTH),
      password: text('a password', MAX_PASSWORD_LENGTH),
    },
    'expected a JSON object with username and password',
  ),
);

/**
 * Exchanges a user's name and password for a token, which every other route wants as Bearer.
 *
 * @returns 200 `{token, tokenType, expiresIn}`, the ID token and its life in seconds; 400 with the
 *   fields; 401, the same for an unknown user and a wrong password; 403 with the code of what the
 *   user must do first; 429.
 * @throws BadRequestError (400) the body is not JSON, or fields are wrong.
 * @throws ConfigurationError (500) Cognito refused our client, its secret or its flow.
 * @throws DependencyUnavailableError (503) Cognito, or the client's secret, can not be reached.
 */
export async function authenticateUser(
  request: HttpRequest,
  { signIn }: Dependencies,
): Promise<HttpResponse> {
  const answer = await signIn(parseJsonBody(request.body, Body));
  switch (answer.kind) {
    case 'signed-in':
      return ok({
        token: answer.idToken,
        tokenType: 'Bearer',
        expiresIn: answer.expiresInSeconds,
      });
    case 'refused':
      return unauthorized();
    case 'action-required':
      return forbidden(answer.code);
    case 'throttled':
      return tooManyRequests();
    case 'invalid': {
      const message = 'not admitted by Cognito together with the other field';
      return badRequest(['username', 'password'].map((path) => ({ path, message })));
    }
  }
}
