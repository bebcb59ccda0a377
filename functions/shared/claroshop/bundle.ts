import { z } from 'zod';
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

export function grantToBundle(grant: ClaroshopGrant, attemptId: string): Bundle {
  const { refreshToken, refreshExpiresIn } = grant;
  const hasEnd = refreshToken !== undefined && refreshExpiresIn !== undefined;
  const refreshEnd = hasEnd && refreshExpiresIn !== 0 ? after(grant, refreshExpiresIn) : undefined;
  return {
    access_token: grant.accessToken,
    refresh_token: refreshToken,
    token_type: grant.tokenType,
    expires_in: grant.expiresIn,
    refresh_expires_in: refreshExpiresIn,
    scope: grant.scope,
    session_state: grant.sessionState,
    'not-before-policy': grant.notBeforePolicy,
    obtained_at: grant.obtainedAt.toISOString(),
    expires_at: after(grant, grant.expiresIn),
    refresh_expires_at: refreshEnd,
    attempt_id: attemptId,
  };
}

/** @returns `undefined` for what is none of ours: then there is no grant that could be refreshed. */
export function textToBundle(text: string): Bundle | undefined {
  try {
    return Bundle.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function after({ obtainedAt }: ClaroshopGrant, seconds: number): string {
  return new Date(obtainedAt.getTime() + seconds * 1_000).toISOString();
}
