import { z } from 'zod';
import { cleaned } from '#events/text.ts';
import { MAX_VALUE_BYTES } from '../ssm/parameters.ts';
import type { ClaroshopGrant } from './grant.ts';

const Time = z.iso.datetime();

/**
 * All of a grant as it lies in one parameter, the truth of which the eight names are a projection:
 * the response's fields as ClaroShop calls them, and what follows from them. Times are UTC.
 */
export const Bundle = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().optional(),
  token_type: z.string(),
  /** Seconds from `obtained_at`, as are those of the refresh token: 0 = no limit of its own. */
  expires_in: z.int(),
  refresh_expires_in: z.int().optional(),
  scope: z.string().optional(),
  session_state: z.string().optional(),
  'not-before-policy': z.int().optional(),
  obtained_at: Time,
  expires_at: Time,
  /** Absent when there is no refresh token, or one without an end of its own. */
  refresh_expires_at: Time.optional(),
  /** The attempt that brought it: a put whose answer got lost is known by it. */
  attempt_id: z.uuid(),
});
export type Bundle = z.infer<typeof Bundle>;

/** What a bundle that is too large goes without, the least needed first: only an access token must fit. */
const DISPENSABLE: readonly Partial<Bundle>[] = [
  { scope: undefined },
  { session_state: undefined },
  // Then the password brings the next grant.
  { refresh_token: undefined, refresh_expires_in: undefined, refresh_expires_at: undefined },
];

/**
 * Tokens are kept to the letter, and what describes them as far as Parameter Store can keep it: it is
 * cleaned, and left out where the whole would be too large.
 */
export function grantToBundle(grant: ClaroshopGrant, attemptId: string): Bundle {
  let bundle = toBundle(grant, attemptId);
  for (const absent of DISPENSABLE) {
    if (fits(bundle)) break;
    bundle = { ...bundle, ...absent };
  }
  return bundle;
}

export function fits(bundle: Bundle): boolean {
  return Buffer.byteLength(bundleToText(bundle)) <= MAX_VALUE_BYTES;
}

/**
 * As it lies in the parameter. Parameter Store refuses `{{…}}` ("You can't include values wrapped in
 * double brackets": API reference of PutParameter, read 2026-11), which JSON can write in another way.
 */
export function bundleToText(bundle: Bundle): string {
  return JSON.stringify(bundle).replaceAll('{{', '{\\u007b');
}

function toBundle(grant: ClaroshopGrant, attemptId: string): Bundle {
  const { refreshToken, refreshExpiresIn } = grant;
  const hasEnd = refreshToken !== undefined && refreshExpiresIn !== undefined;
  const refreshEnd = hasEnd && refreshExpiresIn !== 0 ? after(grant, refreshExpiresIn) : undefined;
  return {
    access_token: grant.accessToken,
    refresh_token: refreshToken,
    token_type: cleaned(grant.tokenType),
    expires_in: grant.expiresIn,
    refresh_expires_in: refreshExpiresIn,
    scope: cleanedOrAbsent(grant.scope),
    session_state: cleanedOrAbsent(grant.sessionState),
    'not-before-policy': grant.notBeforePolicy,
    obtained_at: grant.obtainedAt.toISOString(),
    expires_at: after(grant, grant.expiresIn),
    refresh_expires_at: refreshEnd,
    attempt_id: attemptId,
  };
}

/**
 * Reads a bundle, whoever wrote it and whatever the parameter's type: with a byte order mark too, as
 * editors put it before a text.
 *
 * @returns `undefined` for what is none of ours (no JSON, JSON of another form, nothing): then there is no
 *   grant that could be refreshed, and the password brings the one that takes its place.
 */
export function textToBundle(text: string): Bundle | undefined {
  try {
    return Bundle.safeParse(JSON.parse(text.replace(BYTE_ORDER_MARK, ''))).data;
  } catch {
    return undefined;
  }
}

const BYTE_ORDER_MARK = /^\u{FEFF}/u;

function cleanedOrAbsent(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cleaned(text);
}

function after({ obtainedAt }: ClaroshopGrant, seconds: number): string {
  return new Date(obtainedAt.getTime() + seconds * 1_000).toISOString();
}
