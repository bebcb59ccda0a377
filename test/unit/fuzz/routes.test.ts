import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import { authenticateUser } from '#functions/authenticate-user/authenticate-user.ts';
import { findSlaErrors } from '#functions/find-sla-errors/find-sla-errors.ts';
import { receiveCafe24Code } from '#functions/receive-cafe24-code/receive-cafe24-code.ts';
import { startCafe24Authorization } from '#functions/start-cafe24-authorization/start-cafe24-authorization.ts';
import { browserCookie } from '#shared/cafe24/browser-cookie.ts';
import { cognitoSignIn } from '#shared/cognito/sign-in.ts';
import { dynamoDbSlaSearch } from '#shared/dynamodb/sla-search.ts';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { AuthenticationError } from '#shared/http/errors.ts';
import { httpHandler, type HttpRoute } from '#shared/http/http-handler.ts';
import { PAGE_FAULTS } from '#shared/http/page.ts';
import { parseCreationDate } from '#shared/sla/creation-date.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { holdsForEach, oddText } from '#test/support/fuzz.ts';
import { mostly, objectOf, report, requestsOf } from '#test/support/fuzzed-requests.ts';
import { lambdaContext } from '#test/support/http-requests.ts';
import { inMemoryStates } from '#test/support/in-memory-states.ts';
import { logText } from '#test/support/log-text.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { recordingMetrics } from '#test/support/recording-metrics.ts';
import { cognitoTokensAnswer, scriptedCognito } from '#test/support/scripted-cognito.ts';
import { scriptedSlaTable } from '#test/support/scripted-sla-table.ts';
import { submitStage, TOKEN } from '#test/support/submit-stage.ts';

type Handler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
interface Answer {
  readonly status: number;
  readonly result: APIGatewayProxyResult;
  readonly body: Record<string, unknown>;
}

const SECRETS = ['good-token', 'the-password', 'the-id-token', 'code-of-the-mall'];
const clock = fixedClock('2024-06-16T01:30:00.000Z');
const gone = new DependencyUnavailableError('gone', 'It is away.');
const tokens = {
  verify: (authorization: string | undefined) =>
    authorization === TOKEN.Authorization
      ? Promise.resolve({ subject: 'caller' })
      : Promise.reject(new AuthenticationError('none')),
};
const bearer = { Authorization: mostly(TOKEN.Authorization) };

/** Requests, and whether what is needed is away while they come. */
const inAnyWeather = (requests: ReturnType<typeof requestsOf>) =>
  fc.record({ event: requests, isAway: fc.nat({ max: 9 }).map((draw) => draw === 0) });

function handlerOf(route: Pick<HttpRoute, 'answer' | 'faults'>) {
  const log = recordingLog();
  const handler = httpHandler({ route: 'GET /', ...route }, { log, metrics: recordingMetrics() });
  const handle: Handler = (event) => handler(event, lambdaContext());
  return { log, handle };
}

async function ask(handle: Handler, event: APIGatewayProxyEvent): Promise<Answer> {
  const result = await handle(event);
  const isJson = result.headers?.['content-type'] === 'application/json';
  const body = (isJson ? JSON.parse(result.body) : {}) as Record<string, unknown>;
  return { status: result.statusCode, result, body };
}

/** What every answer of a route in JSON is. */
function expectJson({ status, body, result }: Answer, isAway: boolean): void {
  expect(result.headers).toMatchObject({ 'cache-control': 'no-store' });
  if (status >= 500) expect([status, isAway]).toEqual([503, true]);
  if (status === 401) expect(body).toEqual({ message: 'Unauthorized' });
  if (status !== 400) return;
  const { problems } = body as { readonly problems: readonly Record<string, unknown>[] };
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.length).toBeLessThanOrEqual(50);
  for (const problem of problems) {
    expect(problem).toEqual({
      path: expect.stringMatching(/./) as string,
      message: expect.stringMatching(/./) as string,
    });
  }
}

/** What every page is. */
function expectPage({ status, result }: Answer, isAway: boolean): void {
  if (status >= 500) expect([status, isAway]).toEqual([503, true]);
  expect(result.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
  expect(result.body).not.toMatch(/<(script|img|iframe|a) /i);
}

function expectNoSecret(log: ReturnType<typeof recordingLog>): void {
  const text = logText(log);
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

test('POST /file_sla_error: what is right is published, and all else is told', async () => {
  const requests = requestsOf({ headers: bearer, body: report });
  const { bus, log, handler, submissionId } = submitStage();
  const away = new Error('away');
  await holdsForEach(inAnyWeather(requests), async ({ event, isAway }) => {
    const before = bus.published.length;
    bus.failsWith(...(isAway ? [away, away, away, away] : []));

    const answer = await ask((request) => handler(request, lambdaContext()), event);

    const { status, body } = answer;
    const published = bus.published
      .slice(before)
      .flatMap(({ detail }) => SlaErrorSubmitted.schema.parse(detail).files);
    expect([200, 400, 401, 503]).toContain(status);
    expectJson(answer, isAway);
    if (status === 200) expect(body).toMatchObject({ submissionId, files: published.length });
    if (status === 400) expect(body['accepted']).toBe(published.length);
    if (status === 401) expect(published).toEqual([]);
    for (const { creationDate } of published) {
      const year = parseCreationDate(creationDate, 'America/Bogota')?.getUTCFullYear();
      expect(year).toBe(2024);
    }
  });
  expectNoSecret(log);
});

test('GET /file_sla_errors: every search is answered, or what is wrong with it', async () => {
  const days = mostly('2024-06-15', '2024-06-16', '9999-12-31', '0000-01-01', 'NaN', '');
  const query = {
    date: days,
    from: days,
    to: days,
    folder: mostly('C:\\in', 'x'.repeat(2_049), '\u0000'),
    open: mostly('true', 'false'),
    limit: mostly('1', '200', '201', '1e2', '-1'),
    cursor: mostly(
      Buffer.from('{"search":"x"}').toString('base64url'),
      '%',
      Buffer.from('{"after":{}}').toString('base64url'),
    ),
  };
  const some = fc.subarray(Object.keys(query)).map((names) => new Set(names));
  const requests = fc.tuple(requestsOf({ headers: bearer, query }), some).map(([event, names]) => ({
    ...event,
    queryStringParameters:
      event.queryStringParameters &&
      Object.fromEntries(
        Object.entries(event.queryStringParameters).filter(([name]) => names.has(name)),
      ),
  }));
  await holdsForEach(inAnyWeather(requests), async ({ event, isAway }) => {
    const search = dynamoDbSlaSearch(scriptedSlaTable(isAway), {
      tableName: 'table',
      affectedDateIndex: 'AffectedDateIndex',
      folderIndex: 'FolderIndex',
    });
    const told = { log: recordingLog(), metrics: recordingMetrics() };
    const dependencies = { tokens, search, clock: clock.now, openMinutes: 120, ...told };
    const { log, handle } = handlerOf({
      answer: (request, { deadline }) => findSlaErrors(request, { deadline, dependencies }),
    });

    const answer = await ask(handle, event);

    expect([200, 400, 401, 503]).toContain(answer.status);
    expectJson(answer, isAway);
    expectNoSecret(log);
    const { cursor } = answer.body;
    if (typeof cursor !== 'string') return;
    const queryStringParameters = { ...event.queryStringParameters, cursor };
    expect((await ask(handle, { ...event, queryStringParameters })).status).toBe(200);
  });
});

test('POST /auth: a token, a refusal, or what is wrong', async () => {
  const body = objectOf({ username: mostly('ana'), password: mostly('the-password') });
  const cognito = scriptedCognito();
  const signIn = cognitoSignIn(cognito.client, { clientId: 'client', secret: undefined });
  const { log, handle } = handlerOf({ answer: (request) => authenticateUser(request, { signIn }) });
  await holdsForEach(inAnyWeather(requestsOf({ headers: {}, body })), async ({ event, isAway }) => {
    const before = cognito.asked.length;
    cognito.answersWith(isAway ? new Error('away') : cognitoTokensAnswer('the-id-token'));

    const answer = await ask(handle, event);

    expect([200, 400, 503]).toContain(answer.status);
    expectJson(answer, isAway);
    if (answer.status === 400) expect(cognito.asked).toHaveLength(before);
    expect(answer.result.body).not.toContain('the-password');
  });
  expectNoSecret(log);
});

const BROWSER = 'browser'.padEnd(43, '_');
const STATE = 'state'.padEnd(43, '_');
const cookie = browserCookie('https://tokenline.example/cafe24/callback');
const cookies = { Cookie: mostly(`__Host-tokenline-browser=${BROWSER}`, 'a=b; ;;=') };

test('GET /cafe24/authorize: a redirect to Cafe24, or a page', async () => {
  const requests = requestsOf({ headers: cookies, query: { mall: mostly('demo-mall') } });
  await holdsForEach(inAnyWeather(requests), async ({ event, isAway }) => {
    const states = inMemoryStates(clock.now);
    const dependencies = {
      malls: new Set(['demo-mall']),
      application: {
        apiUrl: 'https://{mallId}.cafe24api.com',
        clientId: 'client',
        redirectUri: 'https://tokenline.example/cafe24/callback',
        scopes: 'mall.read_product',
      },
      states: isAway ? { ...states, issue: () => Promise.reject(gone) } : states,
      cookie,
      newSecret: () => STATE,
    };
    const { log, handle } = handlerOf({
      answer: (request) => startCafe24Authorization(request, dependencies),
      faults: PAGE_FAULTS,
    });

    const answer = await ask(handle, event);

    expect([302, 404, 503]).toContain(answer.status);
    expectPage(answer, isAway);
    const location = answer.result.headers?.['location'] ?? '';
    if (answer.status === 302) expect(location).toMatch(/^https:\/\/demo-mall\.cafe24api\.com\//);
    expectNoSecret(log);
  });
});

test('GET /cafe24/callback: a page, and a code that is stored as it came or not at all', async () => {
  const code = fc.oneof(mostly('code-of-the-mall'), oddText);
  const query = { state: mostly(STATE), code, error: mostly('access_denied', '<script>') };
  const requests = requestsOf({ headers: cookies, query });
  await holdsForEach(inAnyWeather(requests), async ({ event, isAway }) => {
    const stored: string[] = [];
    const states = inMemoryStates(clock.now, (arrived) =>
      isAway ? Promise.reject(gone) : Promise.resolve(String(stored.push(arrived.code))),
    );
    await states.issue({ state: STATE, browser: BROWSER }, 'demo-mall');
    const dependencies = {
      states,
      cookie,
      bus: { publish: () => (isAway ? Promise.reject(gone) : Promise.resolve()) },
      clock: clock.now,
      newId: () => 'id-1',
    };
    const { log, handle } = handlerOf({
      answer: (request, context) => receiveCafe24Code({ request, context, dependencies }),
      faults: PAGE_FAULTS,
    });

    const answer = await ask(handle, event);

    expect([200, 400, 503]).toContain(answer.status);
    expectPage(answer, isAway);
    for (const kept of stored) expect(kept).toBe(event.queryStringParameters?.['code']);
    expect(answer.result.body).not.toContain('code-of-the-mall');
    expectNoSecret(log);
  });
});
