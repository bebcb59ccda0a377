import { z } from 'zod';
import type { ClaroshopGrant } from './grant.ts';

/** 100 years: what is longer would leave the range of dates when it is added to one. */
const MOST_SECONDS = 3_155_760_000;

/** Parameter Store takes no empty value, so an empty text is an absent one. */
const Text = z.string().min(1).optional().catch(undefined);

/** A whole number, also as text. */
const Whole = z
  .union([z.number(), z.string().regex(/^-?\d+$/)])
  .transform((value) => Math.floor(Number(value)))
  .pipe(z.int())
  .optional()
  .catch(undefined);

const Seconds = Whole.transform((seconds) =>
  seconds === undefined ? undefined : Math.max(-MOST_SECONDS, Math.min(seconds, MOST_SECONDS)),
);

/** Whatever else is there (`id_token` among it) is dropped. */
const TokenResponse = z.object({
  access_token: z.string().min(1),
  refresh_token: Text,
  token_type: Text,
  expires_in: Seconds,
  refresh_expires_in: Seconds,
  scope: Text,
  session_state: Text,
  'not-before-policy': Whole,
});

/**
 * Reads the answer of ClaroShop's token endpoint.
 *
 * Strict about the access token alone, lenient about the rest: a grant that was issued is not thrown
 * away for a field that can be done without. Without a readable lifetime it is due at once.
 *
 * @param obtainedAt our clock when the request began.
 * @returns `undefined` when there is no access token.
 */
export function readTokenResponse(body: unknown, obtainedAt: Date): ClaroshopGrant | undefined {
  const { success, data } = TokenResponse.safeParse(body);
  if (!success) return undefined;
  return {
    accessToken: data.access_token,
    refreshToken: data.refresh_token,
    tokenType: data.token_type ?? 'Bearer',
    expiresIn: data.expires_in ?? 0,
    refreshExpiresIn: data.refresh_expires_in,
    scope: data.scope,
    sessionState: data.session_state,
    notBeforePolicy: data['not-before-policy'],
    obtainedAt,
  };
}
