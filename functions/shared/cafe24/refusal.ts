import type { Redeemed } from '../grants/ports.ts';
import { knownError, readError } from '../oauth/read-answer.ts';

/** Its own fault, named: Cafe24 says `invalid_grant` for a wrong secret too. */
const NAMES_OUR_CLIENT = /client[_ ]?(?:id|secret)/i;

/**
 * What an answer without a grant means. Cafe24's statuses and codes are not consistent (domain facts
 * of 2026-11), so a 4xx is judged by its error and description, never by its number alone.
 *
 * The reason is the provider's error code or the status; never its description.
 */
export function readRefusal(
  status: number,
  body: unknown,
  retryAfterSeconds: number | undefined,
): Redeemed<never> {
  const read = readError({ status, body, retryAfterSeconds });
  if (read.kind === 'failed') return read;
  const isGrantDead = read.error === 'invalid_grant' && !NAMES_OUR_CLIENT.test(read.description);
  return { kind: isGrantDead ? 'refused' : 'misconfigured', reason: knownError(read.error) };
}
