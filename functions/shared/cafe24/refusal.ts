import type { Redeemed } from '../grants/ports.ts';
import type { WithoutGrant } from '../oauth/read-answer.ts';
import { readRefusalBy, type Meaning } from '../oauth/refusals.ts';

const DEAD = 'invalid|expired|revoked|unknown|used|inactive|wrong|bad';
const GRANT = '(?:refresh |authorization |auth )?(?:token|code)';

/**
 * What Cafe24's errors mean. Its statuses and codes are not consistent, so that the description decides
 * first: what it says of a token or a code is about the grant, what it says of client, secret, redirect
 * URI or scope is about us. Wordings seen in public clients (read 2026-11-30): a dead refresh token is
 * 400 and 401, `invalid_grant`, `invalid_client` and `invalid_request` "Invalid refresh_token"; a dead
 * code is `invalid_request` "authorization code has expired", too; a wrong secret is `invalid_grant`
 * "Invalid client_secret"; blanks between scopes are `invalid_scope`. The rest is as RFC 6749 section
 * 5.2 defines the errors.
 */
const MEANINGS: readonly Meaning[] = [
  // RFC 6749's own sentence, which many servers repeat, names every cause at once.
  { errors: ['invalid_grant'], says: /\binvalid expired revoked\b/, means: 'refused' },
  // Also a token "issued to another client": ours may be the wrong one.
  { says: /\b(?:clients?|secret|redirect(?:ion)? ?ur[il]|scopes?)\b/, means: 'misconfigured' },
  // The request itself, which we make; it may name the grant that it is about.
  { says: /\b(?:endpoint|method|(?:grant|content|token) type)\b/, means: 'misconfigured' },
  {
    errors: ['invalid_grant', 'invalid_request', 'invalid_client', 'unauthorized_client'],
    says: new RegExp(
      `\\b(?:${DEAD}) (?:or \\w+ )?${GRANT}\\b` +
        `|\\b${GRANT}(?: \\w+){0,4} (?:${DEAD}|not (?:found|valid|active|exist)|already)\\b`,
    ),
    means: 'refused',
  },
  { says: /\b(?:basic|required|missing|repeated|only post)\b/, means: 'misconfigured' },
  { errors: ['invalid_grant'], means: 'refused' },
  {
    errors: ['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'],
    means: 'misconfigured',
  },
];

/**
 * What an answer without a grant means. `refused` is about the code or the refresh token,
 * `misconfigured` about us; `unrecognized` is an OAuth error in words that nobody has seen yet;
 * `failed` says nothing about either.
 */
export function readRefusal(answer: WithoutGrant): Redeemed<never> {
  return readRefusalBy(MEANINGS, answer);
}
