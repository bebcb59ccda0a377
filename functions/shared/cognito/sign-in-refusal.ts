import { CognitoIdentityProviderServiceException as ServiceException } from '@aws-sdk/client-cognito-identity-provider';
import { ConfigurationError, DependencyUnavailableError } from '../errors.ts';

/** Why a user is not signed in. */
export type SignInRefused =
  /** Wrong name or password, nobody knows which; or the user is disabled. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'throttled' }
  /** Cognito does not admit such a name or password. */
  | { readonly kind: 'invalid' }
  /** The user must do something first: `new-password-required`, `user-not-confirmed`, … */
  | { readonly kind: 'action-required'; readonly code: string };

/** Cognito misses our client's secret, or refuses the one that we have. */
export interface SecretRefused {
  readonly kind: 'secret-refused';
  readonly cause: Error;
}

const REFUSALS = new Map<string, SignInRefused>([
  ['NotAuthorizedException', { kind: 'refused' }],
  ['UserNotFoundException', { kind: 'refused' }],
  // A trigger of an adopted pool said no.
  ['UserLambdaValidationException', { kind: 'refused' }],
  ['TooManyRequestsException', { kind: 'throttled' }],
  ['InvalidParameterException', { kind: 'invalid' }],
  ['UserNotConfirmedException', { kind: 'action-required', code: 'user-not-confirmed' }],
  ['PasswordResetRequiredException', { kind: 'action-required', code: 'password-reset-required' }],
]);

/**
 * Tells what an error of InitiateAuth means, by its documented name (API reference, read 2026-11)
 * and, where one name has several meanings, by its text.
 *
 * @throws {@link DependencyUnavailableError} Cognito failed, or was not reached.
 * @throws {@link ConfigurationError} anything else that Cognito says is about our configuration.
 */
export function errorToRefusal(thrown: unknown): SignInRefused | SecretRefused {
  if (!(thrown instanceof ServiceException) || thrown.$fault === 'server') {
    throw new DependencyUnavailableError('cognito-unavailable', 'Cognito gave no answer.', {
      cause: thrown,
    });
  }
  const { name, message } = thrown;
  if (name === 'NotAuthorizedException') {
    if (/attempts exceeded/i.test(message)) return { kind: 'throttled' };
    if (/secret/i.test(message)) return { kind: 'secret-refused', cause: thrown };
  }
  // The client, or the pool, does not allow USER_PASSWORD_AUTH.
  const isOurs = name === 'InvalidParameterException' && /flow|auth method/i.test(message);
  const refusal = isOurs ? undefined : REFUSALS.get(name);
  if (refusal !== undefined) return refusal;
  throw new ConfigurationError(`Cognito refused our client: ${name}.`, { cause: thrown });
}
