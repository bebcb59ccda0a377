import type { Redeemed } from '../grants/ports.ts';
import type { Answered } from '../oauth/post-form.ts';
import { knownError, readError } from '../oauth/read-answer.ts';
import type { ClaroshopTicket } from './grant.ts';

/**
 * Keycloak's `error_description`s of an `invalid_grant`, as its sources have them (TokenManager,
 * ValidateUsername, ValidatePassword, ResourceOwnerPasswordCredentialsGrantType; read 2026-11).
 */
const REASONS = new Map([
  // A wrong password, an unknown user or an account that is locked: the text is the same.
  ['Invalid user credentials', 'invalid-credentials'],
  ['Account disabled', 'account-disabled'],
  ['User disabled', 'account-disabled'],
  ['Account is not fully set up', 'account-not-set-up'],
  ['Token is not active', 'token-not-active'],
  ['Session not active', 'session-not-active'],
  ["Session doesn't have required client", 'session-not-active'],
  ['Stale token', 'token-spent'],
  ['Maximum allowed refresh token reuse exceeded', 'token-spent'],
  ['Invalid refresh token', 'token-unknown'],
]);

/**
 * What an answer without a grant means: judged by its `error`, since the status of the same refusal
 * differs by Keycloak's version (401 up to 26.5, 400 later; domain facts of 2026-11).
 *
 * `refused` is about what the ticket carries: `token-not-active`, `session-not-active`,
 * `token-spent`, `token-unknown` about a refresh token; `invalid-credentials`, `account-disabled`,
 * `account-not-set-up` about the account; `invalid_grant` when ClaroShop gives a reason that is not
 * known. Reasons are ours or RFC 6749's, never ClaroShop's own text.
 */
export function readRefusal(
  answer: Omit<Answered, 'kind' | 'isPage'>,
  grantType: ClaroshopTicket['grantType'],
): Redeemed<never> {
  // A proxy without its upstream and a realm that does not exist answer so, some of them as JSON.
  if (answer.status === 404) return { kind: 'failed', reason: 'status-404' };
  const read = readError(answer);
  if (read.kind === 'failed') return read;
  const { error, description } = read;
  if (error === 'invalid_grant') {
    return { kind: 'refused', reason: REASONS.get(description) ?? error };
  }
  // The session's consent or scope was withdrawn: the password brings a session with what is left.
  if (error === 'invalid_scope' && grantType === 'refresh_token') {
    return { kind: 'refused', reason: error };
  }
  return { kind: 'misconfigured', reason: knownError(error) };
}
