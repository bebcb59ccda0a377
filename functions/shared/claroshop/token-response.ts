import { z } from 'zod';
import { cleaned } from '#events/text.ts';
import type { Redeemed } from '../grants/ports.ts';
import { isUsableToken, UNSTORABLE } from '../oauth/read-answer.ts';
import type { ClaroshopGrant } from './grant.ts';

/** The realm's lifetimes (domain facts of 2026-11), for answers without a readable one. */
const ACCESS_LIFE_SECONDS = 300;
const REFRESH_LIFE_SECONDS = 1_800;

/** 100 years: what is longer would leave the range of dates when it is added to one. */
const MOST_SECONDS = 3_155_760_000;

/** Parameter Store takes no empty value, so an empty text is an absent one. */
const Text = z.string().min(1).optional().catch(undefined);
const Description = Text.transform((text) => (text === undefined ? undefined : cleaned(text)));

/** A whole number, also as text. */
const Whole = z
  .union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^-?\d+(?:\.\d+)?$/),
  ])
  .transform((value) => Math.floor(Number(value)))
  .pipe(z.int())
  .optional()
  .catch(undefined);

const Seconds = Whole.transform((seconds) =>
  seconds === undefined ? undefined : Math.max(-MOST_SECONDS, Math.min(seconds, MOST_SECONDS)),
);

/** Whatever else is there (`id_token` among it) is dropped. */
const TokenResponse = z.object({
  access_token: z.string().regex(/\S/),
  refresh_token: Text,
  token_type: Description,
  expires_in: Seconds,
  refresh_expires_in: Seconds,
  scope: Description,
  session_state: Description,
  'not-before-policy': Whole,
});

/**
 * Reads the answer of ClaroShop's token endpoint.
 *
 * Strict about the access token alone, lenient about the rest: a grant that was issued is not thrown
 * away for a field that can be done without. Without a readable lifetime it has the realm's usual one.
 *
 * @param obtainedAt our clock when the request began.
 * @returns `undefined` when there is no access token. `unknown`: `grant-unstorable`, with a token that
 *   no store keeps as it is.
 */
export function readTokenResponse(
  body: unknown,
  obtainedAt: Date,
): Redeemed<ClaroshopGrant> | undefined {
  const { data } = TokenResponse.safeParse(body);
  if (data === undefined) return undefined;
  const { access_token: accessToken, refresh_token: refreshToken } = data;
  if (![accessToken, refreshToken ?? ''].every(isUsableToken)) return UNSTORABLE;
  const usualRefreshLife = refreshToken === undefined ? undefined : REFRESH_LIFE_SECONDS;
  const grant = {
    accessToken,
    refreshToken,
    tokenType: data.token_type ?? 'Bearer',
    expiresIn: data.expires_in ?? ACCESS_LIFE_SECONDS,
    refreshExpiresIn: data.refresh_expires_in ?? usualRefreshLife,
    scope: data.scope,
    sessionState: data.session_state,
    notBeforePolicy: data['not-before-policy'],
    obtainedAt,
  };
  return { kind: 'granted', grant };
}
