import { received, type Received } from '../scripted-provider/received.ts';
import { cafe24Provider, type Provider } from './provider.ts';
import type { Configuration } from './switches.ts';

export const application = {
  clientId: 'tokenline-app',
  clientSecret: 'an-invented-secret',
  redirectUri: 'https://app.example/cafe24/callback',
};
export const mallId = 'mall-one';

type Form = Record<string, string>;

export interface Unplugged {
  readonly provider: Provider;
  /** Moves the clock, which otherwise stands still. */
  readonly pass: (seconds: number) => void;
  readonly configure: (switches: Configuration) => void;
  readonly send: (form: Form, changes?: RequestChanges) => Received;
  readonly exchange: (code: string, changes?: RequestChanges) => Received;
  readonly refresh: (refreshToken: string, changes?: RequestChanges) => Received;
  /** A new authorization, redeemed: its refresh token. */
  readonly authorized: () => string;
}

/** How a request differs from a right one. */
export interface RequestChanges {
  readonly mallId?: string;
  readonly method?: string;
  readonly contentType?: string | undefined;
  readonly authorization?: string | undefined;
  readonly body?: string;
}

export function basic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

/** The provider without its network, at noon of a day in March, Korean time 21:00. */
export function unplugged(): Unplugged {
  let now = new Date('2026-03-01T12:00:00.000Z');
  const provider = cafe24Provider(application, () => now);
  const send: Unplugged['send'] = (form, { mallId: to = mallId, ...changes } = {}) => {
    const request = { ...rightRequest(form), ...changes };
    const open = provider.receiveTokenRequest(to, request);
    const answer = open.answer();
    open.finish('answered');
    return received(answer);
  };
  const exchange: Unplugged['exchange'] = (code, changes) => send(exchangeForm(code), changes);
  const refresh: Unplugged['refresh'] = (refreshToken, changes) =>
    send({ grant_type: 'refresh_token', refresh_token: refreshToken }, changes);
  return {
    provider,
    pass: (seconds) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    configure: (switches) => {
      provider.configure(mallId, switches);
    },
    send,
    exchange,
    refresh,
    authorized: () => refreshTokenOf(exchange(provider.issueCode(mallId))),
  };
}

export function rightRequest(form: Form) {
  return {
    method: 'POST',
    contentType: 'application/x-www-form-urlencoded',
    authorization: basic(application.clientId, application.clientSecret),
    body: new URLSearchParams(form).toString(),
  };
}

export function exchangeForm(code: string): Form {
  return { grant_type: 'authorization_code', code, redirect_uri: application.redirectUri };
}

export function refreshTokenOf({ json }: Received): string {
  return json['refresh_token'] as string;
}
