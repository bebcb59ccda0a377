import type { IssuedGrant } from './issuing.ts';
import type { OAuthRefusal } from './refusal.ts';
import type { Fault, Switches } from './switches.ts';

/** The application that is registered with the provider. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

export interface HttpAnswer {
  readonly kind: 'http';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What goes over the wire; `reset` destroys the connection, `hang` leaves it open and silent. */
export type Answer = HttpAnswer | { readonly kind: 'reset' } | { readonly kind: 'hang' };

export function jsonAnswer(status: number, body: unknown): HttpAnswer {
  return {
    kind: 'http',
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

export function redirectAnswer(location: string): HttpAnswer {
  return { kind: 'http', status: 302, headers: { location }, body: '' };
}

export function refusalAnswer({ status, error, message }: OAuthRefusal): HttpAnswer {
  return jsonAnswer(status, { error, error_description: message });
}

/** What the client gets instead of the true answer. */
export function faultAnswer(fault: Fault): Answer {
  switch (fault.kind) {
    case 'reset':
    case 'hang':
      return { kind: fault.kind };
    case 'redirect':
      return redirectAnswer(fault.location);
    case 'html':
      return {
        kind: 'http',
        status: fault.status,
        headers: { 'content-type': 'text/html' },
        body: `<html><head><title>${fault.status}</title></head><body>Not the API.</body></html>`,
      };
    case 'status': {
      const answer = jsonAnswer(fault.status, {
        error: 'server_error',
        error_description: 'Scripted fault',
      });
      if (fault.retryAfter === undefined) return answer;
      return { ...answer, headers: { ...answer.headers, 'retry-after': fault.retryAfter } };
    }
  }
}

/** The token response, field by field as Cafe24's documents have it (read 2026-11). */
export function grantAnswer(
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
  const omitted: readonly string[] = switches.omit;
  const kept = Object.entries(fields).filter(([name]) => !omitted.includes(name));
  return jsonAnswer(200, { ...Object.fromEntries(kept), ...switches.fields });
}

const kstOffsetSeconds = 9 * 3600;

/** Korean wall-clock time, which Cafe24 sends without its offset: `2026-03-01T14:00:00.000`. */
function kst(at: string, offsetSeconds: number): string {
  const shifted = new Date(at).getTime() + (kstOffsetSeconds + offsetSeconds) * 1000;
  return new Date(shifted).toISOString().slice(0, -1);
}
