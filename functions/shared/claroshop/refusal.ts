import type { Redeemed } from '../grants/ports.ts';
import type { WithoutGrant } from '../oauth/read-answer.ts';
import { readRefusalBy, type Meaning } from '../oauth/refusals.ts';
import type { ClaroshopTicket } from './grant.ts';

/** Keycloak says `invalid_grant`; what a token's or an account's state is called counts with others, too. */
const errors = ['invalid_grant', 'invalid_request', 'invalid_client'];

/** Of the account; a lock after failures has the text of a wrong password, or one of older versions. */
const OF_ACCOUNTS: readonly Meaning[] = [
  { errors, says: /^invalid user credentials$/, means: 'refused', reason: 'invalid-credentials' },
  {
    errors,
    says: /^(?:account|user)(?: is)?(?: temporarily)? disabled$/,
    means: 'refused',
    reason: 'account-disabled',
  },
  {
    errors,
    says: /^account is not fully set up$/,
    means: 'refused',
    reason: 'account-not-set-up',
  },
];

const OF_TOKENS: readonly Meaning[] = [
  {
    errors,
    says: /^(?:token is not active|refresh token expired)$/,
    means: 'refused',
    reason: 'token-not-active',
  },
  {
    errors,
    says: /^(?:offline )?(?:user |client )?session (?:not active|not found|doesnt have required client)$|^refresh token issued before the (?:user|client) session started$/,
    means: 'refused',
    reason: 'session-not-active',
  },
  {
    errors,
    says: /^stale (?:refresh )?token$|^maximum allowed refresh token reuse exceeded$/,
    means: 'refused',
    reason: 'token-spent',
  },
  // Of another key, another issuer or another client, or of a user that is gone.
  {
    errors,
    says: /^(?:invalid refresh token|invalid token issuer|unmatching clients|unknown user)\b/,
    means: 'refused',
    reason: 'token-unknown',
  },
];

const OF_US: readonly Meaning[] = [
  {
    errors: ['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'],
    means: 'misconfigured',
  },
  {
    errors: ['invalid_request'],
    says: /^(?:missing (?:form )?parameter|no refresh token|duplicated parameter|https required|client certification missing)\b/,
    means: 'misconfigured',
  },
  { errors: ['access_denied'], says: /^realm not enabled$/, means: 'misconfigured' },
];

/**
 * What Keycloak's errors mean, by its sources: TokenManager, TokenEndpoint, AuthenticationProcessor,
 * ClientAuthUtil, ValidateUsername, ValidatePassword, RefreshTokenGrantType and
 * ResourceOwnerPasswordCredentialsGrantType of versions 2 to 26 (read 2026-11).
 */
const MEANINGS: Readonly<Record<ClaroshopTicket['grantType'], readonly Meaning[]>> = {
  password: [...OF_ACCOUNTS, { errors: ['invalid_grant'], means: 'refused' }, ...OF_US],
  refresh_token: [
    ...OF_TOKENS,
    ...OF_ACCOUNTS,
    // The session's consent or scope was withdrawn: the password brings a session with what is left.
    { errors: ['invalid_grant', 'invalid_scope'], means: 'refused' },
    ...OF_US,
  ],
};

/**
 * What an answer without a grant means: judged by its error and description, since the status of the
 * same refusal differs by Keycloak's version (401 up to 26.5, 400 later; domain facts of 2026-11).
 *
 * `refused` is about what the ticket carries: `token-not-active`, `session-not-active`,
 * `token-spent`, `token-unknown` about a refresh token; `invalid-credentials`, `account-disabled`,
 * `account-not-set-up` about the account; `invalid_grant` when ClaroShop gives a reason that is not
 * known. `misconfigured` is about us; `unrecognized` is an OAuth error that the table does not have.
 */
export function readRefusal(
  answer: WithoutGrant,
  grantType: ClaroshopTicket['grantType'],
): Redeemed<never> {
  // A proxy without its upstream and a realm that does not exist answer so, some of them as JSON.
  if (answer.status === 404) return { kind: 'failed', reason: 'status-404' };
  return readRefusalBy(MEANINGS[grantType], answer);
}
