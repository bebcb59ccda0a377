import { received, type Received } from '../scripted-provider/received.ts';
import { claroshopProvider, type Provider } from './provider.ts';
import type { Configuration } from './switches.ts';

export const realm = {
  clientId: 'integradores',
  accounts: [{ username: 'one-seller', password: 'an invented password' }],
} as const;
const [{ username, password }] = realm.accounts;

/** How a request differs from a right one. */
export interface RequestChanges {
  readonly method?: string;
  readonly contentType?: string | undefined;
  readonly authorization?: string | undefined;
  readonly body?: string;
}

export interface Unplugged {
  readonly provider: Provider;
  /** Moves the clock, which otherwise stands still. */
  readonly pass: (seconds: number) => void;
  readonly configure: (switches: Configuration) => void;
  readonly send: (form: Record<string, string>, changes?: RequestChanges) => Received;
  readonly signIn: (as?: { username?: string; password?: string }) => Received;
  readonly refresh: (refreshToken: string) => Received;
}

/** The provider without its network, at noon of a day in March. */
export function unplugged(): Unplugged {
  let now = new Date('2026-03-01T12:00:00.000Z');
  const provider = claroshopProvider(realm, () => now);
  const send: Unplugged['send'] = (form, changes = {}) => {
    const open = provider.receiveTokenRequest({ ...rightRequest(form), ...changes });
    const answer = open.answer();
    open.finish('answered');
    return received(answer);
  };
  return {
    provider,
    pass: (seconds) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    configure: (switches) => {
      provider.configure(username, switches);
    },
    send,
    signIn: (as) => send(passwordForm(as)),
    refresh: (refreshToken) =>
      send({ client_id: realm.clientId, grant_type: 'refresh_token', refresh_token: refreshToken }),
  };
}

export function passwordForm(as: { username?: string; password?: string } = {}) {
  return { client_id: realm.clientId, grant_type: 'password', username, password, ...as };
}

function rightRequest(form: Record<string, string>) {
  return {
    method: 'POST',
    contentType: 'application/x-www-form-urlencoded',
    authorization: undefined,
    body: new URLSearchParams(form).toString(),
  };
}

export function tokensOf({ json }: Received): { accessToken: string; refreshToken: string } {
  return {
    accessToken: json['access_token'] as string,
    refreshToken: json['refresh_token'] as string,
  };
}
