import { z } from 'zod';
import type { Redeemed } from '../grants/ports.ts';

const OAuthError = z.object({ error: z.string(), error_description: z.string().optional() });

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
  const failed = {
    kind: 'failed',
    reason: `status-${status}`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  } as const;
  if (status < 400 || status >= 500 || status === 408 || status === 429) return failed;
  const refusal = OAuthError.safeParse(body);
  if (!refusal.success) return failed;
  const { error, error_description: description = '' } = refusal.data;
  const isGrantDead = error === 'invalid_grant' && !NAMES_OUR_CLIENT.test(description);
  return { kind: isGrantDead ? 'refused' : 'misconfigured', reason: knownError(error) };
}

/** The codes of RFC 6749 section 5.2; anything else might be text that was made from our input. */
const KNOWN_ERRORS = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

function knownError(error: string): string {
  return KNOWN_ERRORS.has(error) ? error : 'unknown-error';
}
