import { z } from 'zod';
import type { Cafe24Grant } from './grant.ts';

const KST = '+09:00';
const REFRESH_LIFE_MS = 14 * 24 * 3_600_000;
const MAX_DISAGREEMENT_MS = 5 * 60_000;

/**
 * A time of Cafe24. Without an offset it is KST (measured, domain facts of 2026-11): `new Date`
 * would read it in the process's own zone, nine hours wrong in Lambda.
 */
const Cafe24Time = z
  .string()
  .transform((text) => text.trim().replace(' ', 'T'))
  .transform((text) => (/(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : text + KST))
  .pipe(z.iso.datetime({ offset: true }))
  .transform((text) => new Date(text));

const TokenResponse = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_at: Cafe24Time.optional().catch(undefined),
  refresh_token_expires_at: Cafe24Time.optional().catch(undefined),
  issued_at: Cafe24Time.optional().catch(undefined),
  client_id: z.string().optional().catch(undefined),
  mall_id: z.string(),
  user_id: z.string().optional().catch(undefined),
  scopes: z.array(z.string()).catch([]),
  token_type: z.string().catch('Bearer'),
});

export interface ReadGrant {
  readonly grant: Cafe24Grant;
  /** For the log: the answer's times contradict our clock. */
  readonly clocksDisagree: boolean;
}

/**
 * Reads the answer of Cafe24's token endpoint.
 *
 * Strict about the two tokens and the mall, lenient about the rest: a grant that was issued is not
 * thrown away for a field that can be done without. Without a readable expiry it is due at once.
 *
 * @param requestedAt our clock when the request started.
 * @returns `undefined` when a token or the mall is missing. Where the answer's times contradict our
 *   clock by more than 5 minutes, the earlier expiry holds.
 */
export function readTokenResponse(body: unknown, requestedAt: Date): ReadGrant | undefined {
  const result = TokenResponse.safeParse(body);
  return result.success ? responseToGrant(result.data, requestedAt) : undefined;
}

function responseToGrant(response: z.output<typeof TokenResponse>, requestedAt: Date): ReadGrant {
  const { issued_at: issuedAt = requestedAt, expires_at: stated = requestedAt } = response;
  const byOurClock = new Date(requestedAt.getTime() + stated.getTime() - issuedAt.getTime());
  const clocksDisagree = Math.abs(byOurClock.getTime() - stated.getTime()) > MAX_DISAGREEMENT_MS;
  const grant: Cafe24Grant = {
    accessToken: response.access_token,
    expiresAt: clocksDisagree && byOurClock < stated ? byOurClock : stated,
    refreshToken: response.refresh_token,
    refreshTokenExpiresAt:
      response.refresh_token_expires_at ?? new Date(issuedAt.getTime() + REFRESH_LIFE_MS),
    clientId: response.client_id,
    mallId: response.mall_id,
    userId: response.user_id,
    scopes: response.scopes,
    tokenType: response.token_type,
    issuedAt,
  };
  return { grant, clocksDisagree };
}
