import { beforeEach, describe, expect, it } from 'vitest';
import type { Dependencies } from '#functions/receive-cafe24-code/dependencies.ts';
import { receiveCafe24Code } from '#functions/receive-cafe24-code/receive-cafe24-code.ts';
import { browserCookie } from '#shared/cafe24/browser-cookie.ts';
import { DependencyUnavailableError, PublishFailedError } from '#shared/errors.ts';
import type { AuthorizationCodes } from '#shared/grants/exchange-ports.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { PAGE_FAULTS } from '#shared/http/page.ts';
import { fixedClock, type FixedClock } from '#test/support/fixed-clock.ts';
import { lambdaContext, proxyEvent } from '#test/support/http-requests.ts';
import { inMemoryStates } from '#test/support/in-memory-states.ts';
import { logText } from '#test/support/log-text.ts';
import { recordingLog, type RecordingLog } from '#test/support/recording-log.ts';
import { recordingMetrics } from '#test/support/recording-metrics.ts';

const STATE = 'state'.padEnd(43, '_');
const BROWSER = 'browser'.padEnd(43, '_');
const OTHER = 'other'.padEnd(43, '_');
const CODE = 'an-invented-code/with+signs=';

let clock: FixedClock;
let log: RecordingLog;
let published: OutcomeEvent[];
let stored: { mallId: string; code: string; receivedAt: Date }[];
let store: AuthorizationCodes['store'];
let dependencies: Dependencies;

beforeEach(async () => {
  clock = fixedClock();
  log = recordingLog();
  published = [];
  stored = [];
  store = (code) => Promise.resolve(`${stored.push(code)}`);
  dependencies = {
    states: inMemoryStates(clock.now, (code) => store(code)),
    cookie: browserCookie('https://tokenline.example/cafe24/callback'),
    bus: { publish: (event) => Promise.resolve(void published.push(event)) },
    clock: clock.now,
    newId: () => 'id-1',
  };
  await dependencies.states.issue({ state: STATE, browser: BROWSER }, 'demo-mall');
});

async function comeBack(query: Record<string, string>, browser: string | undefined = BROWSER) {
  const handler = httpHandler(
    {
      route: 'GET /cafe24/callback',
      answer: (request, context) => receiveCafe24Code({ request, context, dependencies }),
      faults: PAGE_FAULTS,
    },
    { log, metrics: recordingMetrics() },
  );
  const headers = browser === '' ? {} : { cookie: `__Host-tokenline-browser=${browser}` };
  const event = proxyEvent({ queryStringParameters: query, headers });
  const { statusCode, headers: answered, body } = await handler(event, lambdaContext());
  return { status: statusCode, headers: answered, body };
}

describe('receive-cafe24-code', () => {
  it('stores the code with the time of its arrival, announces it by its id, says so', async () => {
    const { status, body } = await comeBack({ state: STATE, code: CODE });
    expect(status).toBe(200);
    expect(body).toContain('Your mall has authorized us');
    expect(stored).toEqual([{ mallId: 'demo-mall', code: CODE, receivedAt: clock.now() }]);
    expect(published).toEqual([
      {
        detailType: 'AuthorizationCodeArrived',
        detail: {
          mallId: 'demo-mall',
          codeId: '1',
          metadata: { eventId: 'id-1', correlationId: 'id-1' },
        },
      },
    ]);
  });

  it('says the same when the bus is away: recovery announces the code', async () => {
    const publish = () => Promise.reject(new PublishFailedError('away'));
    dependencies = { ...dependencies, bus: { publish } };
    expect((await comeBack({ state: STATE, code: CODE })).status).toBe(200);
    expect(stored).toHaveLength(1);
    expect(log.lines.map(({ message }) => message)).toContain('event-not-published');
  });

  it.each([
    ['a state that nobody issued', { state: OTHER, code: CODE }, BROWSER],
    ['no state', { code: CODE }, BROWSER],
    ['a state of another form', { state: "' or 1=1", code: CODE }, BROWSER],
    ['another browser’s cookie', { state: STATE, code: CODE }, OTHER],
    ['no cookie', { state: STATE, code: CODE }, ''],
    ['neither code nor error', { state: STATE }, BROWSER],
    ['an empty code', { state: STATE, code: '' }, BROWSER],
    ['a code over 4 KB', { state: STATE, code: 'c'.repeat(4097) }, BROWSER],
    ['a code with a control character', { state: STATE, code: 'a\u0000' }, BROWSER],
    ['an error under a state that nobody issued', { state: OTHER, error: 'no' }, BROWSER],
    ['an error to another browser', { state: STATE, error: 'no' }, OTHER],
  ])('answers %s with 400 and what to do, and spends nothing', async (_, query, browser) => {
    const { status, body } = await comeBack(query, browser);
    expect(status).toBe(400);
    expect(body).toContain('open the authorization link of your mall again');
    expect([...stored, ...published]).toEqual([]);
    expect((await comeBack({ state: STATE, code: CODE })).status).toBe(200);
  });

  it('answers a state of more than 10 minutes with 400', async () => {
    clock.advanceSeconds(600);
    expect((await comeBack({ state: STATE, code: CODE })).status).toBe(400);
    expect(stored).toEqual([]);
  });

  it('answers a page that is loaded again with 400, and stores nothing twice', async () => {
    await comeBack({ state: STATE, code: CODE });
    expect((await comeBack({ state: STATE, code: CODE })).status).toBe(400);
    expect(stored).toHaveLength(1);
    expect(published).toHaveLength(1);
  });

  it('tells of a refusal and spends its state', async () => {
    const { status, body } = await comeBack({
      state: STATE,
      error: 'access_denied',
      error_description: 'the admin said no',
    });
    expect(status).toBe(200);
    expect(body).toContain('access_denied');
    expect(body).not.toContain('the admin said no');
    expect(published).toEqual([
      {
        detailType: 'AuthorizationRefused',
        detail: {
          provider: 'cafe24',
          mallId: 'demo-mall',
          error: 'access_denied',
          metadata: { eventId: 'id-1', occurredAt: clock.now().toISOString() },
        },
      },
    ]);
    expect((await comeBack({ state: STATE, code: CODE })).status).toBe(400);
  });

  it.each([
    ['<img src=x>&', '&lt;img src=x&gt;&amp;', '<img src=x>&'],
    ['with "quotes"', 'unreadable', 'unreadable'],
    ['', 'unreadable', 'unreadable'],
  ])('shows the error %j as %j', async (error, shown, told) => {
    const { body } = await comeBack({ state: STATE, error });
    expect(body).toContain(`it said: ${shown}.`);
    expect(published[0]?.detail['error']).toBe(told);
  });

  it('answers a page with 503 when the code can not be stored, and the page may be loaded again', async () => {
    const storing = store;
    store = () => Promise.reject(new DependencyUnavailableError('database-unavailable', 'x'));
    const { status, headers } = await comeBack({ state: STATE, code: CODE });
    expect(status).toBe(503);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' });
    expect(published).toEqual([]);
    store = storing;
    expect((await comeBack({ state: STATE, code: CODE })).status).toBe(200);
    expect(stored).toHaveLength(1);
  });

  it('lets no page load, run, frame, keep or tell anything', async () => {
    for (const query of [{ state: STATE, code: CODE }, { state: STATE }]) {
      expect((await comeBack(query)).headers).toEqual({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('shows and logs no code, no state and no cookie', async () => {
    const bodies = [
      await comeBack({ state: STATE, code: CODE }, OTHER),
      await comeBack({ state: STATE, code: CODE }),
      await comeBack({ state: STATE, code: CODE }),
    ].map(({ body }) => body);
    expect(log.lines.length).toBeGreaterThan(3);
    for (const secret of [CODE, STATE, BROWSER]) {
      expect(bodies.join()).not.toContain(secret);
      expect(logText(log)).not.toContain(secret);
    }
  });
});
