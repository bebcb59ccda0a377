import { z } from 'zod';
import type { Redeemed } from '../grants/ports.ts';
import type { Answered, FormAnswer } from './post-form.ts';

type Failed = Extract<Redeemed<never>, { kind: 'failed' }>;

interface Readers<Grant> {
  /** @returns `undefined` when it is no grant that could be used. */
  readonly grant: (body: unknown) => Grant | undefined;
  readonly refusal: (answer: Answered) => Redeemed<never>;
}

/** What a token endpoint's answer means, given how this provider writes grants and refusals. */
export function readAnswer<Grant>(answer: FormAnswer, readers: Readers<Grant>): Redeemed<Grant> {
  if (answer.kind !== 'answered') return answer;
  if (answer.status !== 200) return readers.refusal(answer);
  // Instead of the provider's JSON: nothing was issued. What is neither was JSON before it was cut.
  if (answer.isPage) return { kind: 'failed', reason: 'not-json' };
  const grant = readers.grant(answer.body);
  return grant === undefined
    ? { kind: 'unknown', reason: 'unusable-answer' }
    : { kind: 'granted', grant };
}

const OAuthError = z.object({ error: z.string(), error_description: z.string().catch('') });

/**
 * The error of RFC 6749 section 5.2 that a 4xx carries. Any other answer without a grant says
 * nothing about the grant: `failed`.
 */
export function readError({
  status,
  body,
  retryAfterSeconds,
}: Omit<Answered, 'kind' | 'isPage'>):
  { kind: 'error'; error: string; description: string } | Failed {
  const failed: Failed = {
    kind: 'failed',
    reason: `status-${status}`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
  if (status < 400 || status >= 500 || status === 408 || status === 429) return failed;
  const read = OAuthError.safeParse(body);
  if (!read.success) return failed;
  return { kind: 'error', error: read.data.error, description: read.data.error_description };
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
