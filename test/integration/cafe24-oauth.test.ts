import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cafe24Provider } from '#shared/cafe24/oauth.ts';
import { systemClock } from '#shared/clock.ts';
import { ConfigurationError, DependencyUnavailableError } from '#shared/errors.ts';
import { fixedSecret, type Secret } from '#shared/ssm/secret.ts';
import { cafe24Control } from '#test/support/cafe24-provider/control.ts';
import { cafe24Losses, cafe24Oddities } from '#test/support/cafe24-provider/oddities.ts';
import { startCafe24Provider } from '#test/support/cafe24-provider/server.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const MALL = 'oauth-mall';
const application = {
  clientId: 'test-client',
  clientSecret: 'test-client-secret',
  redirectUri: 'https://tokenline.example/cafe24/callback',
};

let server: Awaited<ReturnType<typeof startCafe24Provider>>;
let control: ReturnType<typeof cafe24Control>;
beforeAll(async () => {
  server = await startCafe24Provider(application);
  control = cafe24Control(server.controlUrl);
});
afterEach(() => control.reset(MALL));
afterAll(() => server.stop());

const log = recordingLog();
const providerWith = (secret: Partial<Secret>) => {
  const clientSecret = { ...fixedSecret(application.clientSecret), ...secret };
  const { clientId } = application;
  return cafe24Provider(
    { apiUrl: server.apiUrl, clientId, clientSecret },
    { clock: systemClock, log },
  );
};
const ticket = (code: string) => ({
  mallId: MALL,
  form: { grant_type: 'authorization_code', code, redirect_uri: application.redirectUri },
});
const redeem = async (timeoutMs = 2_000) =>
  providerWith({}).redeem(ticket(await control.issueCode(MALL)), timeoutMs);
const throwSwitch = (fault: object) =>
  control.configure(MALL, { fault, nextRequests: 1 } as Parameters<typeof control.configure>[1]);

describe('cafe24Provider', () => {
  it('brings the grant of a fresh code', async () => {
    const redeemed = await redeem();
    if (redeemed.kind !== 'granted') throw new Error(redeemed.kind);
    expect(redeemed.grant.mallId).toBe(MALL);
    expect(await control.isAlive(redeemed.grant.refreshToken)).toBe(true);
    const secondsLeft = (redeemed.grant.expiresAt.getTime() - Date.now()) / 1000;
    expect(secondsLeft).toBeGreaterThan(7_190);
    expect(secondsLeft).toBeLessThanOrEqual(7_200);
  });

  it('is refused a code that nobody issued', async () => {
    const redeemed = await providerWith({}).redeem(ticket('invented'), 2_000);
    expect(redeemed).toEqual({ kind: 'refused', reason: 'invalid_grant' });
  });

  it('takes a wrong secret for our own fault and reads it afresh', async () => {
    let forgotten = 0;
    const wrong = providerWith({
      read: () => Promise.resolve('wrong'),
      forget: () => {
        forgotten += 1;
      },
    });
    const redeemed = await wrong.redeem(ticket(await control.issueCode(MALL)), 2_000);
    expect(redeemed.kind).toBe('misconfigured');
    expect(forgotten).toBe(1);
  });

  it.each([
    ['a 503', { kind: 'status', status: 503 }, { kind: 'failed', reason: 'status-503' }],
    ['a page with 200', { kind: 'html', status: 200 }, { kind: 'failed', reason: 'not-json' }],
    [
      'a redirect',
      { kind: 'redirect', location: 'https://elsewhere.example/' },
      { kind: 'failed', reason: 'status-302' },
    ],
    ['a reset', { kind: 'reset' }, { kind: 'unknown', reason: 'connection-lost' }],
    ['a grant that is reset', { kind: 'reset', afterIssuing: true }, { kind: 'unknown' }],
  ])('tells what %s means', async (_, fault, expected) => {
    await throwSwitch(fault);
    expect(await redeem()).toMatchObject(expected);
  });

  it.each([0, 60])('does not know what became of a grant that was cut to %i bytes', async (cut) => {
    await control.configure(MALL, { cutToBytes: cut, nextRequests: 1 });
    expect(await redeem()).toEqual({ kind: 'unknown', reason: 'unusable-answer' });
  });

  it.each(Object.entries(cafe24Oddities))('keeps a grant with %s', async (_, switches) => {
    await control.configure(MALL, { ...switches, nextRequests: 1 });
    const redeemed = await redeem();
    if (redeemed.kind !== 'granted') throw new Error(`${redeemed.kind} ${redeemed.reason}`);
    const { clientId, refreshToken, mallId } = redeemed.grant;
    expect({ clientId, mallId }).toEqual({ clientId: application.clientId, mallId: MALL });
    expect(await control.isAlive(refreshToken)).toBe(true);
  });

  it.each(Object.entries(cafe24Losses))('does not know what became of %s', async (_, switches) => {
    await control.configure(MALL, { ...switches, nextRequests: 1 });
    expect((await redeem()).kind).toBe('unknown');
  });

  it('says so in the log, for its alarm, when it drops the grant of another mall', async () => {
    const lines = log.lines.length;
    await control.configure(MALL, {
      ...cafe24Losses['the grant of another mall'],
      nextRequests: 1,
    });
    expect(await redeem()).toEqual({ kind: 'unknown', reason: 'grant-of-another-mall' });
    expect(log.lines.slice(lines)).toMatchObject([
      {
        ...{ level: 'error', message: 'cafe24-grant-dropped' },
        fields: { mallId: MALL, code: 'grant-of-another-mall' },
      },
    ]);
  });

  it('waits no longer than it is told', async () => {
    await throwSwitch({ kind: 'hang' });
    expect(await redeem(300)).toEqual({ kind: 'unknown', reason: 'timeout' });
  });

  it.each([
    [
      'may not read its secret',
      () => Promise.reject(new ConfigurationError('Can not read it.')),
      { kind: 'misconfigured', reason: 'client-secret-unreadable' },
    ],
    [
      'can not reach its secret',
      () => Promise.reject(new DependencyUnavailableError('secret-unavailable', 'Away.')),
      { kind: 'failed', reason: 'secret-unavailable' },
    ],
    [
      'waits too long for its secret',
      () => pause(1_500, application.clientSecret),
      { kind: 'failed', reason: 'secret-unavailable' },
    ],
  ])('asks nobody when it %s', async (_, read, expected) => {
    const code = await control.issueCode(MALL);
    const redeemed = await providerWith({ read }).redeem(ticket(code), 2_000);
    expect(redeemed).toEqual(expected);
    // Nobody has used it.
    const { kind } = await providerWith({}).redeem(ticket(code), 2_000);
    expect(kind).toBe('granted');
  });

  it('takes what its secret took from the time of the answer', async () => {
    const secret = { read: () => pause(900, application.clientSecret) };
    await control.configure(MALL, { delayBeforeIssuingMs: 1_500, nextRequests: 1 });
    const redeemed = await providerWith(secret).redeem(ticket('any'), 2_000);
    expect(redeemed).toEqual({ kind: 'unknown', reason: 'timeout' });
  });

  it('knows that nothing was spent when nobody listens', async () => {
    const nobody = cafe24Provider(
      {
        apiUrl: 'http://127.0.0.1:1/{mallId}',
        clientId: 'c',
        clientSecret: fixedSecret('s'),
      },
      { clock: systemClock, log },
    );
    const redeemed = await nobody.redeem(ticket('any'), 2_000);
    expect(redeemed).toEqual({ kind: 'failed', reason: 'not-connected' });
  });

  it('writes no token, code or secret into the log', () => {
    expect(JSON.stringify(log.lines)).not.toContain(application.clientSecret);
  });
});
