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

type Means = SignInRefused | 'our-secret' | 'ours';

/** One row of the table: what an exception means whose message says this; without `says`, any message. */
interface Meaning {
  readonly says?: RegExp;
  readonly means: Means;
}

const refused: Means = { kind: 'refused' };
const throttled: Means = { kind: 'throttled' };
const actionRequired = (code: string): Means => ({ kind: 'action-required', code });

/**
 * What the exceptions of InitiateAuth mean (API reference with its common errors, read 2026-11), and,
 * where one has several meanings, its messages, as AWS's re:Post and the issues of amplify-js, amplify-android
 * and amazon-cognito-identity-js quote them (read 2026-11). By the first row that fits. What is not
 * here is about our pool, its triggers, its plan or our client: InvalidLambdaResponse, UnexpectedLambda,
 * UnsupportedOperation, ResourceNotFound ("User pool client … does not exist."), InvalidUserPoolConfiguration,
 * InvalidSmsRole…, InvalidEmailRoleAccessPolicy, FeatureUnavailableInTier, OperationNotEnabled, Forbidden.
 */
const MEANINGS: Readonly<Record<string, readonly Meaning[]>> = {
  NotAuthorizedException: [
    // "Password attempts exceeded"
    { says: /attempts exceeded/i, means: throttled },
    // "Unable to verify secret hash for client …", "Client … is configured with secret but …"
    { says: /secret/i, means: 'our-secret' },
    { says: /flow not enabled/i, means: 'ours' },
    // "Incorrect username or password.", "User is disabled.", "Temporary password has expired and must be
    // reset by an administrator.", "Unable to login because of security reasons.": nobody learns which.
    { means: refused },
  ],
  UserNotFoundException: [{ means: refused }],
  // A trigger of an adopted pool said no.
  UserLambdaValidationException: [{ means: refused }],
  TooManyRequestsException: [{ means: throttled }],
  LimitExceededException: [{ means: throttled }],
  TooManyFailedAttemptsException: [{ means: throttled }],
  ThrottlingException: [{ means: throttled }],
  InvalidParameterException: [
    // "USER_PASSWORD_AUTH flow not enabled for this client", "Initiate Auth method not supported.",
    // "Custom auth lambda trigger is not configured for the user pool.", "… Value at 'clientId' failed …"
    { says: /\bflow\b|auth method|lambda trigger|'clientId'/i, means: 'ours' },
    { means: { kind: 'invalid' } },
  ],
  UserNotConfirmedException: [{ means: actionRequired('user-not-confirmed') }],
  PasswordResetRequiredException: [{ means: actionRequired('password-reset-required') }],
  PasswordHistoryPolicyViolationException: [{ means: actionRequired('password-reset-required') }],
};

/**
 * Tells what an error of InitiateAuth means, by its name and its message, never by its HTTP status.
 *
 * @throws {@link DependencyUnavailableError} Cognito failed, or was not reached.
 * @throws {@link ConfigurationError} what Cognito says is about our configuration.
 */
export function errorToRefusal(thrown: unknown): SignInRefused | SecretRefused {
  if (!(thrown instanceof ServiceException) || thrown.$fault === 'server') {
    throw new DependencyUnavailableError('cognito-unavailable', 'Cognito gave no answer.', {
      cause: thrown,
    });
  }
  const { name, message } = thrown;
  const rows = Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : undefined;
  const means = rows?.find(({ says }) => says?.test(message) ?? true)?.means ?? 'ours';
  if (means === 'our-secret') return { kind: 'secret-refused', cause: thrown };
  if (means !== 'ours') return means;
  throw new ConfigurationError(`Cognito refused our client: ${name}.`, { cause: thrown });
}
