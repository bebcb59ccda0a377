import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Cafe24Control, cafe24Control } from '#test/support/cafe24-provider/control.ts';
import type { MallMemory } from '#test/support/cafe24-provider/memory.ts';
import { type RunningCafe24, startCafe24Provider } from '#test/support/cafe24-provider/server.ts';
import type { Configuration } from '#test/support/cafe24-provider/switches.ts';
import {
  application,
  exchangeForm,
  mallId,
  rightRequest,
} from '#test/support/cafe24-provider/unplugged.ts';

let running: RunningCafe24;
let cafe24: Cafe24Control;

beforeAll(async () => {
  running = await startCafe24Provider(application);
  cafe24 = cafe24Control(running.controlUrl);
});
beforeEach(() => cafe24.reset('*'));
afterAll(() => running.stop());

const endpoint = (name: string) => `${running.apiUrl.replace('{mallId}', mallId)}/api/v2/${name}`;

function post(form: Record<string, string>, signal?: AbortSignal): Promise<Response> {
  const { contentType, authorization, body } = rightRequest(form);
  return fetch(endpoint('oauth/token'), {
    method: 'POST',
    headers: { 'content-type': contentType, authorization },
    body,
    redirect: 'manual',
    ...(signal && { signal }),
  });
}

const exchange = async (signal?: AbortSignal) =>
  post(exchangeForm(await cafe24.issueCode(mallId)), signal);

const refreshTokenIn = async (response: Response) =>
  ((await response.json()) as { refresh_token: string }).refresh_token;

const lastRequest = async () => (await cafe24.memory(mallId)).requests.at(-1);

async function until(holds: (memory: MallMemory) => boolean, of = cafe24): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (holds(await of.memory(mallId))) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The provider never remembered what was waited for');
}

/** Sends a request and hangs up once the provider has it. */
async function abandon(send: (signal: AbortSignal) => Promise<Response>): Promise<void> {
  const hangUp = new AbortController();
  const response = send(hangUp.signal);
  await until(({ requests }) => requests.at(-1)?.end === 'pending');
  hangUp.abort();
  await expect(response).rejects.toThrow(/aborted/);
  await until(({ requests }) => requests.at(-1)?.end !== 'pending');
}

describe('the scripted Cafe24', () => {
  test('answers a code with a token over HTTP, and remembers it', async () => {
    const response = await exchange();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    const token = await refreshTokenIn(response);
    expect(await cafe24.isAlive(token)).toBe(true);
    expect(await cafe24.memory(mallId)).toMatchObject({
      aliveRefreshTokens: [token],
      requests: [{ grantType: 'authorization_code', status: 200, end: 'answered' }],
      inFlight: { authorization_code: 0, refresh_token: 0 },
      maxInFlight: { authorization_code: 1, refresh_token: 0 },
    });
  });

  test('sends the browser of the mall admin back with a code', async () => {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: application.clientId,
      redirect_uri: application.redirectUri,
      scope: 'mall.read_order',
      state: 'an-invented-state',
    });
    const response = await fetch(`${endpoint('oauth/authorize')}?${query.toString()}`, {
      redirect: 'manual',
    });
    expect(response.status).toBe(302);
    const back = new URL(response.headers.get('location')!);
    expect((await post(exchangeForm(back.searchParams.get('code')!))).status).toBe(200);
  });

  test('revokes over HTTP', async () => {
    const token = await refreshTokenIn(await exchange());
    const { contentType, authorization, body } = rightRequest({ token });
    const headers = { 'content-type': contentType, authorization };
    await fetch(endpoint('oauth/revoke'), { method: 'POST', headers, body });
    expect(await cafe24.isAlive(token)).toBe(false);
  });

  test('kills every token of a mall that removes the application', async () => {
    const token = await refreshTokenIn(await exchange());
    await cafe24.removeApplication(mallId);
    expect(await cafe24.isAlive(token)).toBe(false);
  });

  test.each(['/Not_A_Mall/api/v2/oauth/token', '/mall-one/api/v2/products', '/'])(
    'knows nothing at %s',
    async (path) => {
      expect((await fetch(new URL(path, running.controlUrl))).status).toBe(404);
    },
  );
});

describe('the wire', () => {
  test('fault reset: the client sees its connection destroyed', async () => {
    await cafe24.configure(mallId, { fault: { kind: 'reset' }, nextRequests: 1 });
    await expect(exchange()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(await lastRequest()).toMatchObject({ end: 'reset', status: null });
  });

  test('fault hang: nothing comes until the client gives up', async () => {
    await cafe24.configure(mallId, { fault: { kind: 'hang', afterIssuing: true } });
    await abandon(exchange);
    expect(await lastRequest()).toMatchObject({ end: 'client-gone', issuedPairId: 'pair-1' });
    expect((await cafe24.memory(mallId)).inFlight.authorization_code).toBe(0);
  });

  test('faults html and redirect: the client gets a page, or is sent elsewhere', async () => {
    const location = 'https://elsewhere.example/';
    await cafe24.configure(mallId, { fault: { kind: 'html', status: 200 }, nextRequests: 1 });
    await cafe24.configure(mallId, { fault: { kind: 'redirect', location }, nextRequests: 1 });
    expect(await (await exchange()).text()).toMatch(/^<html>/);
    expect((await exchange()).headers.get('location')).toBe(location);
  });

  test('delayMs: a client that gives up meanwhile has lost the grant', async () => {
    const token = await refreshTokenIn(await exchange());
    await cafe24.configure(mallId, { delayMs: 60_000 });
    await abandon((signal) => post({ grant_type: 'refresh_token', refresh_token: token }, signal));
    expect(await lastRequest()).toMatchObject({ end: 'client-gone' });
    expect(await cafe24.isAlive(token)).toBe(false);
  });

  test('delayBeforeIssuingMs: the grant is made late, also for a client that left', async () => {
    await cafe24.configure(mallId, { delayBeforeIssuingMs: 1000 });
    await abandon(exchange);
    expect((await cafe24.memory(mallId)).families).toEqual([]);
    await until(({ families }) => families.length === 1);
  });

  test('trickleMs: the answer comes byte by byte and whole', async () => {
    await cafe24.configure(mallId, { trickleMs: 1 });
    const start = performance.now();
    const response = await exchange();
    const headersAfterMs = performance.now() - start;
    expect(await refreshTokenIn(response)).toHaveLength(32);
    expect(performance.now() - start - headersAfterMs).toBeGreaterThan(200);
  });

  test('padBytes: the answer becomes huge and stays valid', async () => {
    await cafe24.configure(mallId, { padBytes: 10_000_000 });
    const body = await (await exchange()).text();
    expect(body.length).toBeGreaterThan(10_000_000);
    expect(JSON.parse(body)).toHaveProperty('access_token');
  });

  test('requests that overlap are counted as such', async () => {
    await cafe24.configure(mallId, { delayMs: 100 });
    await Promise.all([exchange(), exchange(), exchange()]);
    expect(await cafe24.memory(mallId)).toMatchObject({
      inFlight: { authorization_code: 0 },
      maxInFlight: { authorization_code: 3 },
    });
  });
});

describe('the control API', () => {
  test('refuses a misspelt switch by its name', async () => {
    const misspelt = { delaysMs: 3 } as object;
    await expect(cafe24.configure(mallId, misspelt)).rejects.toThrow(/delaysMs/);
  });

  test('refuses what is no mall', async () => {
    await expect(cafe24.issueCode('Not_A_Mall')).rejects.toThrow(/mall id/);
  });

  test.each([
    ['memory', 'no json', 400],
    ['explode', '{}', 404],
    ['constructor', '{}', 404],
  ])('answers %s with %s by %i', async (operation, body, status) => {
    const response = await fetch(`${running.controlUrl}/${operation}`, { method: 'POST', body });
    expect(response.status).toBe(status);
  });

  test('heals all malls and keeps what was issued', async () => {
    const token = await refreshTokenIn(await exchange());
    await cafe24.configure('*', { fault: { kind: 'status', status: 503 } });
    expect((await exchange()).status).toBe(503);
    await cafe24.heal('*');
    expect((await exchange()).status).toBe(200);
    expect(await cafe24.isAlive(token)).toBe(true);
  });
});

test.each<Configuration>([{ fault: { kind: 'hang' } }, { delayMs: 60_000 }, { trickleMs: 1000 }])(
  // Each takes longer than the test may: what is waited for fails it.
  'stop cuts a request under %o and frees the port, which the next one can ask for',
  async (slow) => {
    const first = await startCafe24Provider(application);
    const port = Number(new URL(first.controlUrl).port);
    const control = cafe24Control(first.controlUrl);
    await control.configure('*', slow);
    const url = `${first.apiUrl.replace('{mallId}', mallId)}/api/v2/oauth/token`;
    const cut = expect(
      fetch(url, { method: 'POST' }).then((response) => response.text()),
    ).rejects.toThrow(TypeError);
    await until(({ requests }) => requests.length === 1, control);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await first.stop();
    await cut;
    const second = await startCafe24Provider({ ...application, port });
    expect(second.controlUrl).toBe(first.controlUrl);
    await second.stop();
  },
);
