import { beforeEach, describe, expect, it } from 'vitest';
import { startCafe24Authorization } from '#functions/start-cafe24-authorization/start-cafe24-authorization.ts';
import { browserCookie } from '#shared/cafe24/browser-cookie.ts';
import type { AuthorizationStates } from '#shared/cafe24/authorization-states.ts';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { PAGE_FAULTS } from '#shared/http/page.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { lambdaContext, proxyEvent } from '#test/support/http-requests.ts';
import { inMemoryStates } from '#test/support/in-memory-states.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { recordingMetrics } from '#test/support/recording-metrics.ts';

const REDIRECT_URI = 'https://tokenline.example/prod/cafe24/callback';
const secretOf = (number: number) => `secret-${number}`.padEnd(43, '_');

let states: AuthorizationStates;
let secrets: number;

beforeEach(() => {
  states = inMemoryStates(fixedClock().now);
  secrets = 0;
});

async function open(
  mall: string | undefined,
  changes: { cookie?: string; redirect?: string } = {},
) {
  const redirectUri = changes.redirect ?? REDIRECT_URI;
  const dependencies = {
    malls: new Set(['demo-mall', 'other-mall']),
    application: {
      apiUrl: 'https://{mallId}.cafe24api.com',
      clientId: 'the client',
      redirectUri,
      scopes: 'mall.read_product,mall.read_order',
    },
    states,
    cookie: browserCookie(redirectUri),
    newSecret: () => secretOf(++secrets),
  };
  const handler = httpHandler(
    {
      route: 'GET /cafe24/authorize',
      answer: (request) => startCafe24Authorization(request, dependencies),
      faults: PAGE_FAULTS,
    },
    { log: recordingLog(), metrics: recordingMetrics() },
  );
  const event = proxyEvent({
    queryStringParameters: mall === undefined ? null : { mall },
    headers: changes.cookie === undefined ? {} : { Cookie: changes.cookie },
  });
  const { statusCode, headers, body } = await handler(event, lambdaContext());
  return { status: statusCode, headers: headers as Record<string, string>, body };
}

describe('start-cafe24-authorization', () => {
  it('sends the browser to the mall’s authorize page with all that Cafe24 wants', async () => {
    const { status, headers } = await open('demo-mall');
    expect(status).toBe(302);
    const url = new URL(headers['location']!);
    expect(url.origin + url.pathname).toBe(
      'https://demo-mall.cafe24api.com/api/v2/oauth/authorize',
    );
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'the client',
      state: secretOf(1),
      redirect_uri: REDIRECT_URI,
      scope: 'mall.read_product,mall.read_order',
    });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
  });

  it('binds the state to the mall and to the browser that it gives the cookie to', async () => {
    await open('demo-mall');
    const proof = { state: secretOf(1), browser: secretOf(2) };
    expect(await states.consume(proof)).toBe('demo-mall');
  });

  it('gives a cookie that only this host gets, over https, for 10 minutes', async () => {
    const { headers } = await open('demo-mall');
    expect(headers['set-cookie']).toBe(
      `__Host-tokenline-browser=${secretOf(2)}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure`,
    );
  });

  it('gives a cookie without Secure and prefix on a local machine over http', async () => {
    const { headers } = await open('demo-mall', { redirect: 'http://127.0.0.1:4566/callback' });
    expect(headers['set-cookie']).toBe(
      `tokenline-browser=${secretOf(2)}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax`,
    );
  });

  it('keeps the cookie of a browser that authorizes another mall at the same time', async () => {
    await open('demo-mall');
    const cookie = `theme=dark; __Host-tokenline-browser=${secretOf(2)}`;
    await open('other-mall', { cookie });
    expect(await states.consume({ state: secretOf(3), browser: secretOf(2) })).toBe('other-mall');
    expect(await states.consume({ state: secretOf(1), browser: secretOf(2) })).toBe('demo-mall');
  });

  it('takes no cookie for the browser’s that it can not have given', async () => {
    await open('demo-mall', { cookie: '__Host-tokenline-browser=a' });
    expect(await states.consume({ state: secretOf(1), browser: secretOf(2) })).toBe('demo-mall');
  });

  it.each([undefined, '', 'unknown-mall', 'DEMO-MALL', 'evil.example/#', 'demo-mall.evil.example'])(
    'answers 404 and stores nothing for the mall %j',
    async (mall) => {
      const { status, headers } = await open(mall);
      expect(status).toBe(404);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers).not.toHaveProperty('set-cookie');
      expect(secrets).toBe(0);
    },
  );

  it('answers a page with 503 when the state can not be stored', async () => {
    const away = new DependencyUnavailableError('database-unavailable', 'away');
    states = { ...states, issue: () => Promise.reject(away) };
    const { status, body, headers } = await open('demo-mall');
    expect(status).toBe(503);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('begin again');
  });
});
