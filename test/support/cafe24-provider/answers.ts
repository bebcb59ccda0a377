import { grantAnswer, type HttpAnswer } from '../scripted-provider/answers.ts';
import type { IssuedGrant } from './issuing.ts';
import type { Switches } from './switches.ts';

/** The application that is registered with the provider. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/** The token response, field by field as Cafe24's documents have it (read 2026-11). */
export function cafe24GrantAnswer(
  { family, pair }: IssuedGrant,
  { switches, clientId, mallId }: { switches: Switches; clientId: string; mallId: string },
): HttpAnswer {
  const shown = (at: string): string => kst(at, switches.shownTimeOffsetSeconds);
  const fields = {
    access_token: pair.accessToken,
    expires_at: shown(pair.accessExpiresAt),
    refresh_token: pair.refreshToken,
    refresh_token_expires_at: shown(pair.refreshExpiresAt),
    client_id: clientId,
    mall_id: mallId,
    user_id: `admin-of-${mallId}`,
    scopes: family.scopes,
    issued_at: shown(pair.issuedAt),
    shop_no: '1',
    token_type: 'Bearer',
  };
  return grantAnswer(fields, switches);
}

const kstOffsetSeconds = 9 * 3600;

/** Korean wall-clock time, which Cafe24 sends without its offset: `2026-03-01T14:00:00.000`. */
function kst(at: string, offsetSeconds: number): string {
  const shifted = new Date(at).getTime() + (kstOffsetSeconds + offsetSeconds) * 1000;
  return new Date(shifted).toISOString().slice(0, -1);
}
