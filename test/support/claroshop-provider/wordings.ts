import type { GrantType } from './memory.ts';
import type { Wording } from '../scripted-provider/wordings.ts';

/** The descriptions of the scripted ClaroShop's own refusals, in Keycloak's words. */
export const words = {
  wrongCredentials: 'Invalid user credentials',
  accountDisabled: 'Account disabled',
  accountNotSetUp: 'Account is not fully set up',
  unknownToken: 'Invalid refresh token',
  deadToken: 'Token is not active',
  signedOut: 'Session not active',
  userDisabled: 'User disabled',
  noClientSession: "Session doesn't have required client",
  staleToken: 'Stale token',
  spentToken: 'Maximum allowed refresh token reuse exceeded',
  wrongClient: 'Invalid client or Invalid client credentials',
  noPasswords: 'Client not allowed for direct access grants',
  noToken: 'No refresh token',
  noGrantType: 'Missing form parameter: grant_type',
  noUsername: 'Missing parameter: username',
  unsupportedGrantType: 'Unsupported grant_type',
} as const;

export interface KeycloakWording extends Wording {
  /** To what it is said; without it, to any. */
  readonly to?: GrantType;
  /** The reason that is read from it. */
  readonly reason: string;
}

const of = (
  { means, to }: Pick<KeycloakWording, 'means' | 'to'>,
  ...said: readonly (readonly [error: string, reason: string, description?: string])[]
): KeycloakWording[] =>
  [400, 401].flatMap((status) =>
    said.map(([error, reason, description]) => ({
      ...{ status, error, means, reason },
      ...(description !== undefined && { description }),
      ...(to !== undefined && { to }),
    })),
  );

/**
 * What Keycloak's sources say, of versions 2 to 26 (TokenManager, TokenVerifier, TokenEndpoint,
 * AuthenticationProcessor, ClientAuthUtil, ValidateUsername, ValidatePassword and the two grant types;
 * read 2026-11).
 */
export const claroshopWordings: readonly KeycloakWording[] = [
  ...of(
    { means: 'refused', to: 'password' },
    ['invalid_grant', 'invalid-credentials', words.wrongCredentials],
    ['invalid_grant', 'account-disabled', words.accountDisabled],
    ['invalid_grant', 'account-disabled', 'Account temporarily disabled'],
    ['invalid_grant', 'account-not-set-up', words.accountNotSetUp],
    ['invalid_grant', 'invalid_grant'],
    ['invalid_grant', 'invalid_grant', 'A reason of next year'],
  ),
  ...of(
    { means: 'refused', to: 'refresh_token' },
    ['invalid_grant', 'token-unknown', words.unknownToken],
    ['invalid_client', 'token-unknown', words.unknownToken],
    ['invalid_request', 'token-unknown', words.unknownToken],
    [
      'invalid_grant',
      'token-unknown',
      "Invalid refresh token. Token client and authorized client don't match",
    ],
    ['invalid_grant', 'token-unknown', "Invalid token issuer. Expected 'https://login.example/'"],
    ['invalid_grant', 'token-unknown', 'Unmatching clients'],
    ['invalid_grant', 'token-unknown', 'Unknown user'],
    ['invalid_grant', 'token-not-active', words.deadToken],
    ['invalid_grant', 'token-not-active', 'Refresh token expired'],
    ['invalid_grant', 'session-not-active', words.signedOut],
    ['invalid_grant', 'session-not-active', 'Client session not active'],
    ['invalid_grant', 'session-not-active', 'Offline session not active'],
    ['invalid_grant', 'session-not-active', 'Offline user session not found'],
    ['invalid_grant', 'session-not-active', words.noClientSession],
    ['invalid_grant', 'session-not-active', 'Refresh token issued before the user session started'],
    [
      'invalid_grant',
      'session-not-active',
      'refresh token issued before the client session started',
    ],
    ['invalid_grant', 'account-disabled', words.userDisabled],
    ['invalid_grant', 'token-spent', words.staleToken],
    ['invalid_grant', 'token-spent', 'Stale refresh token'],
    ['invalid_grant', 'token-spent', words.spentToken],
    ['invalid_grant', 'invalid_grant'],
    ['invalid_grant', 'invalid_grant', 'DPoP proof is missing'],
    ['invalid_scope', 'invalid_scope', 'Client no longer has requested consent from user'],
    ['invalid_scope', 'invalid_scope', 'User no long has permission for realm role: seller'],
  ),
  ...of(
    { means: 'misconfigured' },
    ['invalid_client', 'invalid_client', words.wrongClient],
    ['unauthorized_client', 'unauthorized_client', words.wrongClient],
    ['invalid_client', 'invalid_client', 'Invalid client credentials'],
    ['invalid_client', 'invalid_client', 'Client requires user consent'],
    ['invalid_client', 'invalid_client', 'Bearer-only not allowed'],
    ['invalid_client', 'invalid_client', 'Client authentication ended, but client is null'],
    ['unauthorized_client', 'unauthorized_client', words.noPasswords],
    ['unauthorized_client', 'unauthorized_client', 'Client secret not provided in request'],
    ['unsupported_grant_type', 'unsupported_grant_type', words.unsupportedGrantType],
    ['invalid_request', 'invalid_request', words.noToken],
    ['invalid_request', 'invalid_request', words.noGrantType],
    ['invalid_request', 'invalid_request', words.noUsername],
    ['invalid_request', 'invalid_request', 'duplicated parameter'],
    ['invalid_request', 'invalid_request', 'HTTPS required'],
    ['access_denied', 'unknown-error', 'Realm not enabled'],
  ),
  ...of({ means: 'misconfigured', to: 'password' }, [
    'invalid_scope',
    'invalid_scope',
    'Client no longer has requested consent from user',
  ]),
  ...of(
    { means: 'unrecognized' },
    ['invalid_request', 'invalid_request'],
    ['invalid_request', 'invalid_request', 'Something went wrong'],
    ['access_denied', 'unknown-error'],
    ['temporarily_unavailable', 'unknown-error', 'Under maintenance'],
  ),
];
