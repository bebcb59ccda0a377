import { z } from 'zod';
import type { Redeemed } from '../grants/ports.ts';
import type { WithoutGrant } from './read-answer.ts';

type Failed = Extract<Redeemed<never>, { kind: 'failed' }>;

/** One row of a provider's table. */
export interface Meaning {
  /** The errors that it is about; without them, any. */
  readonly errors?: readonly string[];
  /**
   * What the description says, in lower case, with one blank for all that is neither a letter nor a
   * digit: wordings differ in case, punctuation and `_`. Without it, anything or nothing.
   */
  readonly says?: RegExp;
  /** `refused`: about the code, token or password; `misconfigured`: about us. */
  readonly means: 'refused' | 'misconfigured';
  /** In a word of ours; without it, the error of RFC 6749. */
  readonly reason?: string;
}

const OAuthError = z.object({
  error: z.string().trim().toLowerCase().min(1),
  error_description: z.string().catch(''),
});

/**
 * What the error of RFC 6749 section 5.2 means that a 4xx carries: by the first row that is about it,
 * since the same error says different things. `unrecognized` without such a row. Any other answer says
 * nothing about the grant: `failed`.
 *
 * Reasons are ours or RFC 6749's, never the provider's own text.
 */
export function readRefusalBy(meanings: readonly Meaning[], answer: WithoutGrant): Redeemed<never> {
  const { status, body } = answer;
  const isAboutRequest = status >= 400 && status < 500 && status !== 408 && status !== 429;
  const read = OAuthError.safeParse(body);
  if (!isAboutRequest || !read.success) return failed(answer);
  const { error } = read.data;
  const description = plain(read.data.error_description);
  const meaning = meanings.find(
    ({ errors, says }) => (errors?.includes(error) ?? true) && (says?.test(description) ?? true),
  );
  return { kind: meaning?.means ?? 'unrecognized', reason: meaning?.reason ?? knownError(error) };
}

function failed({ status, retryAfterSeconds }: WithoutGrant): Failed {
  const reason = `status-${status}`;
  return {
    kind: 'failed',
    reason,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

function plain(description: string): string {
  return description
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
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

/** An error code that may be shown to anybody. */
export function knownError(error: string): string {
  return KNOWN_ERRORS.has(error) ? error : 'unknown-error';
}
