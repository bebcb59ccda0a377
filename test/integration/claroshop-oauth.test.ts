import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClaroshopTicket } from '#shared/claroshop/grant.ts';
import { claroshopProvider } from '#shared/claroshop/oauth.ts';
import { systemClock } from '#shared/clock.ts';
import {
  claroshopControl,
  type ClaroshopControl,
} from '#test/support/claroshop-provider/control.ts';
import {
  type RunningClaroshop,
  startClaroshopProvider,
} from '#test/support/claroshop-provider/server.ts';
import { realm } from '#test/support/claroshop-provider/unplugged.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const [account] = realm.accounts;
const { username } = account;
const byPassword: ClaroshopTicket = { grantType: 'password', ...account };

let server: RunningClaroshop;
let control: ClaroshopControl;
beforeAll(async () => {
  server = await startClaroshopProvider(realm);
  control = claroshopControl(server.controlUrl);
});
afterEach(() => control.reset('*'));
afterAll(() => server.stop());

const log = recordingLog();
const providerAt = (tokenUrl: string, clientId: string = realm.clientId) =>
  claroshopProvider({ tokenUrl, clientId }, { clock: systemClock, log });
const redeem = (ticket: ClaroshopTicket, timeoutMs = 2_000) =>
  providerAt(server.tokenUrl).redeem(ticket, timeoutMs);
const throwSwitch = (switches: Parameters<ClaroshopControl['configure']>[1]) =>
  control.configure(username, { ...switches, nextRequests: 1 });
async function signIn() {
  const redeemed = await redeem(byPassword);
  if (redeemed.kind !== 'granted') throw new Error(`${redeemed.kind} ${redeemed.reason}`);
  return redeemed.grant;
}
const refreshTicket = (refreshToken = ''): ClaroshopTicket => ({
  grantType: 'refresh_token',
  refreshToken,
});

describe('claroshopProvider', () => {
  it('signs in by password, as the public client and without a header', async () => {
    const before = new Date();
    const grant = await signIn();
    expect(grant).toMatchObject({ tokenType: 'Bearer', expiresIn: 300, refreshExpiresIn: 1800 });
    expect(grant.obtainedAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(grant.obtainedAt.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await control.isAlive(grant.refreshToken!)).toBe(true);
    expect(await control.isAccessAlive(grant.accessToken)).toBe(true);
  });

  it('sends a password as it is, whatever its characters', async () => {
    const password = 'a+b&c=d %20 ñ€';
    await control.putAccount('odd-seller', { password });
    const odd = { grantType: 'password', username: 'odd-seller', password } as const;
    expect((await redeem(odd)).kind).toBe('granted');
  });

  it('refreshes', async () => {
    const first = await signIn();
    const redeemed = await redeem(refreshTicket(first.refreshToken));
    expect(redeemed).toMatchObject({
      kind: 'granted',
      grant: { sessionState: first.sessionState },
    });
    expect((await control.memory(username)).counts).toEqual({ password: 1, refresh_token: 1 });
  });

  it.each([401, 400] as const)('is refused by password, with %i', async (status) => {
    await control.configure(username, { invalidCredentialsStatus: status });
    expect(await redeem({ ...byPassword, password: 'wrong' })).toEqual({
      kind: 'refused',
      reason: 'invalid-credentials',
    });
  });

  it('tells apart why an account may not sign in', async () => {
    await control.putAccount(username, { isEnabled: false });
    expect(await redeem(byPassword)).toEqual({ kind: 'refused', reason: 'account-disabled' });
    await control.putAccount(username, { isSetUp: false });
    expect(await redeem(byPassword)).toEqual({ kind: 'refused', reason: 'account-not-set-up' });
  });

  it('tells apart why a refresh token is dead', async () => {
    await control.configure(username, { revokeRefreshToken: true });
    const { refreshToken: spent } = await signIn();
    await redeem(refreshTicket(spent));
    const reasons = [await redeem(refreshTicket('invented')), await redeem(refreshTicket(spent))];
    const { refreshToken } = await signIn();
    await control.signOut(username);
    reasons.push(await redeem(refreshTicket(refreshToken)));
    expect(reasons).toEqual([
      { kind: 'refused', reason: 'token-unknown' },
      { kind: 'refused', reason: 'token-spent' },
      { kind: 'refused', reason: 'session-not-active' },
    ]);
  });

  it('takes a wrong client, or one that may not use passwords, for our own fault', async () => {
    const stranger = providerAt(server.tokenUrl, 'stranger');
    expect(await stranger.redeem(byPassword, 2_000)).toEqual({
      kind: 'misconfigured',
      reason: 'invalid_client',
    });
    await throwSwitch({ allowsPasswords: false });
    expect(await redeem(byPassword)).toEqual({
      kind: 'misconfigured',
      reason: 'unauthorized_client',
    });
  });

  it.each<[string, Parameters<typeof throwSwitch>[0], object]>([
    ['a 503', { fault: { kind: 'status', status: 503 } }, { kind: 'failed', reason: 'status-503' }],
    [
      'a page with 404',
      { fault: { kind: 'html', status: 404 } },
      { kind: 'failed', reason: 'status-404' },
    ],
    [
      'a page with 200',
      { fault: { kind: 'html', status: 200 } },
      { kind: 'failed', reason: 'not-json' },
    ],
    [
      'a redirect',
      { fault: { kind: 'redirect', location: 'https://elsewhere.example/' } },
      { kind: 'failed', reason: 'status-302' },
    ],
    [
      'a 429',
      { fault: { kind: 'status', status: 429, retryAfter: '7' } },
      { kind: 'failed', reason: 'status-429', retryAfterSeconds: 7 },
    ],
    ['a reset', { fault: { kind: 'reset' } }, { kind: 'unknown', reason: 'connection-lost' }],
    [
      'a grant that is reset',
      { fault: { kind: 'reset', afterIssuing: true } },
      { kind: 'unknown', reason: 'connection-lost' },
    ],
    [
      'an answer without an access token',
      { omit: ['access_token'] },
      { kind: 'unknown', reason: 'unusable-answer' },
    ],
    [
      'an answer that does not end',
      { padBytes: 1_000_000 },
      { kind: 'unknown', reason: 'connection-lost' },
    ],
  ])('tells what %s means', async (_, switches, expected) => {
    await throwSwitch(switches);
    expect(await redeem(byPassword)).toEqual(expected);
  });

  it('knows another realm’s JSON for a proxy’s page', async () => {
    const elsewhere = server.tokenUrl.replace('plataforma-claro', 'another');
    expect(await providerAt(elsewhere).redeem(byPassword, 2_000)).toEqual({
      kind: 'failed',
      reason: 'status-404',
    });
  });

  it.each([{ fault: { kind: 'hang' } } as const, { trickleMs: 100 }, { delayMs: 60_000 }])(
    'waits no longer than it is told for an answer under %j',
    async (slow) => {
      await throwSwitch(slow);
      expect(await redeem(byPassword, 300)).toEqual({ kind: 'unknown', reason: 'timeout' });
    },
  );

  it('knows that nothing was sent when nobody listens', async () => {
    const nobody = providerAt('http://127.0.0.1:1/token');
    expect(await nobody.redeem(byPassword, 2_000)).toEqual({
      kind: 'failed',
      reason: 'not-connected',
    });
  });

  it('takes what is there of a strange grant, and says that it is due at once', async () => {
    await throwSwitch({
      issuesRefreshTokens: false,
      omit: ['scope', 'session_state', 'not-before-policy'],
      fields: { expires_in: 0, refresh_expires_in: -3, token_type: 'bearer', id_token: 'identity' },
      accessTokenLength: 5_000,
    });
    const { accessToken, obtainedAt, ...rest } = await signIn();
    expect(accessToken).toHaveLength(5_000);
    expect(obtainedAt).toBeInstanceOf(Date);
    expect(rest).toEqual({ tokenType: 'bearer', expiresIn: 0, refreshExpiresIn: -3 });
    expect(log.lines.at(-1)).toMatchObject({ message: 'claroshop-grant-is-due-at-once' });
  });

  it('writes no token, user or password into the log', () => {
    expect(log.lines).not.toEqual([]);
    const text = JSON.stringify(log.lines);
    for (const secret of [account.password, username, 'eyJ']) expect(text).not.toContain(secret);
  });
});
