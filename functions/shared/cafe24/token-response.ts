import { z } from 'zod';
import { cleaned, DescriptiveText } from '#events/text.ts';
import type { Redeemed } from '../grants/ports.ts';
import { isUsableToken, UNSTORABLE } from '../oauth/read-answer.ts';
import type { Cafe24Grant } from './grant.ts';
import { toLives } from './lives.ts';
import { Cafe24Time } from './time.ts';

const Token = z.string().regex(/\S/);
const Time = Cafe24Time.optional().catch(undefined);

/** What can be compared with a mall's id; anything else, or nothing, names no mall. */
const MallName = z
  .union([z.string(), z.number().transform(String)])
  .transform((text) => text.trim().toLowerCase())
  .catch('');

/** A list, or one text with commas or blanks. */
const Scopes = z
  .union([z.array(z.unknown()), z.string().transform((text) => text.split(/[\s,]+/))])
  .transform((list) => list.filter((it) => typeof it === 'string' && it !== ''))
  .pipe(z.array(DescriptiveText))
  .catch([]);

const TokenResponse = z.object({
  access_token: Token,
  refresh_token: Token,
  expires_at: Time,
  refresh_token_expires_at: Time,
  issued_at: Time,
  mall_id: MallName,
  user_id: DescriptiveText.optional().catch(undefined),
  scopes: Scopes,
  token_type: z.string().regex(/\S/).catch('Bearer').transform(cleaned),
});

export interface ReadGrant {
  readonly grant: Cafe24Grant;
  /** For the log: the answer's times contradict our clock. */
  readonly clocksDisagree: boolean;
}

/** For whom and as whom we asked, and when by our clock. */
export interface Asked {
  readonly mallId: string;
  readonly clientId: string;
  readonly requestedAt: Date;
}

/** The answer names another mall than the one that we asked. */
export const OF_ANOTHER_MALL = { kind: 'unknown', reason: 'grant-of-another-mall' } as const;

/**
 * Reads the answer of Cafe24's token endpoint.
 *
 * Strict about the two tokens, lenient about the rest: a grant that was issued is not thrown away for a
 * field that can be done without. Mall and client are those that we asked for and as, whatever is
 * echoed; only another mall's grant is not ours to keep.
 *
 * @returns `undefined` when a token is missing. `unknown`: `grant-of-another-mall`, or
 *   `grant-unstorable` with a token that no store keeps as it is; what we sent is spent all the same.
 */
export function readTokenResponse(body: unknown, asked: Asked): Redeemed<ReadGrant> | undefined {
  const { data } = TokenResponse.safeParse(body);
  if (data === undefined) return undefined;
  if (data.mall_id !== '' && data.mall_id !== asked.mallId) return OF_ANOTHER_MALL;
  const { access_token: accessToken, refresh_token: refreshToken } = data;
  if (![accessToken, refreshToken].every(isUsableToken)) return UNSTORABLE;
  const { clocksDisagree, ...lives } = toLives(
    {
      issuedAt: data.issued_at,
      expiresAt: data.expires_at,
      refreshTokenExpiresAt: data.refresh_token_expires_at,
    },
    asked.requestedAt,
  );
  const { mallId, clientId } = asked;
  const { user_id: userId, scopes, token_type: tokenType } = data;
  const grant = {
    accessToken,
    refreshToken,
    mallId,
    clientId,
    userId,
    scopes,
    tokenType,
    ...lives,
  };
  return { kind: 'granted', grant: { grant, clocksDisagree } };
}
