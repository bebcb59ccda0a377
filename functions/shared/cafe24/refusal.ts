import type { Redeemed } from '../grants/ports.ts';
import type { Answered } from '../oauth/post-form.ts';
import { knownError, readError } from '../oauth/read-answer.ts';

/**
 * Cafe24 says `invalid_grant` for a wrong secret too (domain facts of 2026-11), and so may anybody for
 * another redirect URI than the authorization's (RFC 6749 section 5.2).
 */
const NAMES_OUR_SETTINGS = /client[_ ]?(?:id|secret)|redirect[_ ]?uri/i;

/**
 * What an answer without a grant means. Cafe24's statuses and codes are not consistent (domain facts
 * of 2026-11), so a 4xx is judged by its error and description, never by its number alone.
 *
 * The reason is the provider's error code or the status; never its description.
 */
export function readRefusal(answer: Omit<Answered, 'kind' | 'isPage'>): Redeemed<never> {
  const read = readError(answer);
  if (read.kind === 'failed') return read;
  const isGrantDead = read.error === 'invalid_grant' && !NAMES_OUR_SETTINGS.test(read.description);
  return { kind: isGrantDead ? 'refused' : 'misconfigured', reason: knownError(read.error) };
}
