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
  const shown = (at: string): string | number => shownTime(at, switches);
  const echo = (id: string) => (switches.shownIds === 'upper' ? id.toUpperCase() : id);
  const fields = {
    access_token: pair.accessToken,
    expires_at: shown(pair.accessExpiresAt),
    refresh_token: pair.refreshToken,
    refresh_token_expires_at: shown(pair.refreshExpiresAt),
    client_id: echo(clientId),
    mall_id: echo(mallId),
    user_id: `admin-of-${mallId}`,
    scopes: shownScopes(family.scopes, switches),
    issued_at: shown(pair.issuedAt),
    shop_no: '1',
    token_type: 'Bearer',
  };
  return grantAnswer(fields, switches);
}

function shownScopes(scopes: readonly string[], { shownScopes }: Switches) {
  if (shownScopes === 'list') return scopes;
  return scopes.join(shownScopes === 'commas' ? ',' : ' ');
}

const kstOffsetMs = 9 * 3600 * 1000;

/** Korean wall-clock time, which Cafe24 sends without its offset: `2026-03-01T14:00:00.000`. */
function shownTime(at: string, { shownTimes, shownTimeOffsetSeconds }: Switches): string | number {
  const shifted = new Date(at).getTime() + shownTimeOffsetSeconds * 1000;
  const wall = new Date(shifted + kstOffsetMs).toISOString().slice(0, -1);
  switch (shownTimes) {
    case 'wall':
      return wall;
    case 'compact':
      return `${wall}+0900`;
    case 'seconds':
      return Math.floor(shifted / 1000);
    case 'milliseconds':
      return shifted;
    case 'unreadable':
      return 'in a while';
  }
}
