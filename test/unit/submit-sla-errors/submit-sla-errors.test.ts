import { beforeEach, describe, expect, it, test } from 'vitest';
import { SlaErrorSubmitted } from '#events/sla-error-submitted.ts';
import type { Dependencies } from '#functions/submit-sla-errors/dependencies.ts';
import { submitSlaErrors } from '#functions/submit-sla-errors/submit-sla-errors.ts';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { eventBridgeBatches } from '#shared/eventbridge/batch-publisher.ts';
import { AuthenticationError } from '#shared/http/errors.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { jsonRequest, lambdaContext, proxyEvent } from '#test/support/http-requests.ts';
import { logText } from '#test/support/log-text.ts';
import { recordingLog, type RecordingLog } from '#test/support/recording-log.ts';
import { recordingMetrics } from '#test/support/recording-metrics.ts';
import { scriptedEventBus, type ScriptedEventBus } from '#test/support/scripted-event-bus.ts';

const SUBMISSION_ID = '00000000-0000-4000-8000-000000000001';
const TOKEN = { Authorization: 'Bearer good-token' };

let bus: ScriptedEventBus;
let log: RecordingLog;
let verify: Dependencies['tokens']['verify'];

beforeEach(() => {
  bus = scriptedEventBus();
  log = recordingLog();
  verify = (authorization) => {
    if (authorization !== 'Bearer good-token') throw new AuthenticationError('ERR_JWS_INVALID');
    return Promise.resolve({ subject: 'sender-1' });
  };
});

async function post(event: ReturnType<typeof proxyEvent>) {
  const pause = () => Promise.resolve();
  const dependencies: Dependencies = {
    tokens: { verify: (authorization) => verify(authorization) },
    bus: eventBridgeBatches('bus-1', { client: bus.client, pause, random: () => 0.5 }),
    zone: 'America/Bogota',
    clock: fixedClock('2024-06-16T01:30:00.000Z').now,
    newId: () => SUBMISSION_ID,
  };
  const handler = httpHandler(
    {
      route: 'POST /file_sla_error',
      answer: (request, context) => submitSlaErrors({ request, context, dependencies }),
    },
    { log, metrics: recordingMetrics() },
  );
  const result = await handler(event, lambdaContext());
  expect(result.headers).toMatchObject({ 'content-type': 'application/json' });
  return { status: result.statusCode, body: JSON.parse(result.body) as Record<string, unknown> };
}

const submit = (body: unknown) => post(jsonRequest(body, TOKEN));

const aFile = (name = 'a.csv') => ({ filename: name, creationDate: '2024-06-15T19:25:25-05:00' });
const anEntry = (...files: unknown[]) => ({ folder: 'C:\\transit\\in', sla: 60, files });
const manyFiles = (count: number) => Array.from({ length: count }, (_, i) => aFile(`${i}.csv`));

const publishedFiles = () =>
  bus.published.flatMap(({ detail }) => SlaErrorSubmitted.schema.parse(detail).files);

describe('submit-sla-errors', () => {
  it('publishes what senders send and answers when the bus has taken it', async () => {
    const answer = await submit({
      sla_error: [
        {
          folder: 'C:\\transit\\in',
          sla: 60,
          files: [{ filename: 'a.csv', creationDate: '2024-06-15T19:25:25.1234567-05:00' }],
        },
      ],
    });
    expect(answer).toEqual({
      status: 200,
      body: { message: 'Data successfully processed', submissionId: SUBMISSION_ID, files: 1 },
    });
    expect(bus.published).toEqual([
      {
        EventBusName: 'bus-1',
        Source: 'tokenline',
        DetailType: 'SlaErrorSubmitted',
        detail: {
          submissionId: SUBMISSION_ID,
          submittedBy: 'sender-1',
          submittedAt: '2024-06-16T01:30:00.000Z',
          files: [
            {
              folder: 'C:\\transit\\in',
              filename: 'a.csv',
              sla: 60,
              creationDate: '2024-06-15T19:25:25.1234567-05:00',
            },
          ],
          metadata: {
            eventId: `${SUBMISSION_ID}:0`,
            occurredAt: '2024-06-16T01:30:00.000Z',
            correlationId: SUBMISSION_ID,
          },
        },
      },
    ]);
  });

  it('keeps folder and SLA with each file, in the order of the body', async () => {
    const answer = await submit({
      sla_error: [
        anEntry(aFile('a'), aFile('b')),
        { folder: '\\\\server\\out', sla: 1440, files: [aFile('c')] },
      ],
    });
    expect(answer.body).toMatchObject({ files: 3 });
    const summary = publishedFiles().map((file) => `${file.folder} ${file.filename} ${file.sla}`);
    expect(summary).toEqual([
      'C:\\transit\\in a 60',
      'C:\\transit\\in b 60',
      '\\\\server\\out c 1440',
    ]);
  });

  it('takes the bare object that PowerShell makes of an array of one', async () => {
    const { status } = await submit({
      sla_error: { folder: 'C:\\in', sla: 20, files: aFile('only.csv') },
    });
    expect(status).toBe(200);
    expect(publishedFiles()).toMatchObject([{ folder: 'C:\\in', filename: 'only.csv', sla: 20 }]);
  });

  test.each([
    '2024-06-15T19:25:25.1234567-05:00',
    '2024-06-15T19:25:25',
    '2024-06-15 19:25:25',
    '2024-06-12T12:00:00Z',
    '/Date(1718479525123)/',
  ])('takes the date %s and passes it on as sent', async (creationDate) => {
    const { status } = await submit({ sla_error: [anEntry({ filename: 'a', creationDate })] });
    expect(status).toBe(200);
    expect(publishedFiles()).toMatchObject([{ creationDate }]);
  });

  it('ignores fields that it does not know', async () => {
    const { status } = await submit({
      host: 'srv-1',
      sla_error: [{ ...anEntry({ ...aFile(), length: 3 }), owner: 'ops' }],
    });
    expect(status).toBe(200);
    expect(Object.keys(publishedFiles()[0]!)).toEqual([
      'folder',
      'filename',
      'sla',
      'creationDate',
    ]);
  });

  it('reads a base64 body in Latin-1', async () => {
    const body = JSON.stringify({ sla_error: [anEntry(aFile('Señal.csv'))] });
    const encoded = Buffer.from(body, 'latin1').toString('base64');
    const { status } = await post(
      proxyEvent({ headers: TOKEN, body: encoded, isBase64Encoded: true }),
    );
    expect(status).toBe(200);
    expect(publishedFiles()).toMatchObject([{ filename: 'Señal.csv' }]);
  });

  it('publishes 5,000 files in 50 events and 5 calls', async () => {
    expect((await submit({ sla_error: [anEntry(...manyFiles(5_000))] })).status).toBe(200);
    expect(bus.published).toHaveLength(50);
    expect(bus.calls).toHaveLength(5);
    expect(new Set(publishedFiles().map(({ filename }) => filename)).size).toBe(5_000);
    const ids = bus.published.map(
      ({ detail }) => (detail['metadata'] as { eventId: string }).eventId,
    );
    expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => `${SUBMISSION_ID}:${index}`));
  });

  it('keeps ten events below 200 KB also when every name is as long as allowed', async () => {
    const files = Array.from({ length: 200 }, (_, i) => aFile(`${i}${'\u0001'.repeat(1_000)}`));
    const entry = { folder: '\u0001'.repeat(2_048), sla: 60, files };
    expect((await submit({ sla_error: [entry] })).status).toBe(200);
    expect(publishedFiles()).toHaveLength(200);
    expect(Math.max(...bus.calls.map(({ bytes }) => bytes))).toBeLessThanOrEqual(200_000);
  });

  it('takes 10,000 files and refuses one more, publishing nothing', async () => {
    const half = anEntry(...manyFiles(5_000));
    expect((await submit({ sla_error: [half, half] })).status).toBe(200);
    bus = scriptedEventBus();
    expect(await submit({ sla_error: [half, half, anEntry(aFile())] })).toEqual({
      status: 400,
      body: {
        message: 'Bad request',
        accepted: 0,
        problems: [{ path: 'sla_error', message: 'expected at most 10000 files in one request' }],
      },
    });
    expect(bus.published).toEqual([]);
  });
});

describe('the bus', () => {
  it('is offered again what it refused, under the same event id', async () => {
    bus.failsWith((index) => (index === 1 ? 'ThrottlingException' : undefined));
    const { status } = await submit({ sla_error: [anEntry(...manyFiles(250))] });
    expect(status).toBe(200);
    const ids = bus.published.map(
      ({ detail }) => (detail['metadata'] as { eventId: string }).eventId,
    );
    expect(ids).toEqual([0, 2, 1].map((chunk) => `${SUBMISSION_ID}:${chunk}`));
  });

  it('that stays away makes 503, and the sender is told to send again', async () => {
    const away = new Error('connect ECONNREFUSED 10.0.0.1:443');
    bus.failsWith(away, away, away, away);
    expect(await submit({ sla_error: [anEntry(aFile())] })).toEqual({
      status: 503,
      body: { message: 'Service unavailable. You may send the same request again without harm.' },
    });
  });

  it('that takes all but one event makes 503 too', async () => {
    const refuseLast = (index: number) => (index === 0 ? 'InternalFailure' : undefined);
    bus.failsWith(refuseLast, refuseLast, refuseLast, refuseLast);
    const { status } = await submit({ sla_error: [anEntry(...manyFiles(250))] });
    expect(status).toBe(503);
    expect(bus.published).toHaveLength(2);
  });
});

describe('the caller', () => {
  const body = { sla_error: [anEntry(aFile())] };

  test.each([[{}], [{ Authorization: 'Bearer bad' }], [{ 'x-token': 'Bearer good-token' }]])(
    'with the headers %j is refused with 401, and nothing is published',
    async (headers: Record<string, string>) => {
      expect(await post(jsonRequest(body, headers))).toEqual({
        status: 401,
        body: { message: 'Unauthorized' },
      });
      expect(bus.calls).toEqual([]);
    },
  );

  it('may spell the header as they like', async () => {
    expect((await post(jsonRequest(body, { authORIZATION: 'Bearer good-token' }))).status).toBe(
      200,
    );
  });

  it('learns nothing about the body before they are known', async () => {
    expect((await post(proxyEvent({ body: '{' }))).status).toBe(401);
  });

  it('is told 503, never 401, while the keys of the issuer can not be fetched', async () => {
    verify = () => {
      throw new DependencyUnavailableError('jwks-unavailable', 'away');
    };
    expect((await submit(body)).status).toBe(503);
    expect(bus.calls).toEqual([]);
  });
});

test('no token and no body is in any log line', async () => {
  await submit({ sla_error: [anEntry(aFile('payroll-ana@sender.example.csv'))] });
  await submit({ sla_error: [anEntry({ filename: 'payroll-ana@sender.example.csv' })] });
  await post(proxyEvent({ headers: TOKEN, body: '{"payroll' }));
  bus.failsWith(new Error('1'), new Error('2'), new Error('3'), new Error('4'));
  await submit({ sla_error: [anEntry(aFile('payroll-ana@sender.example.csv'))] });
  const text = logText(log);
  expect(text).toContain(SUBMISSION_ID);
  for (const secret of ['good-token', 'payroll', 'ana@sender', 'transit']) {
    expect(text).not.toContain(secret);
  }
});

test('a publisher of its own needs no more than files', () => {
  const files = [{ folder: 'C:\\in', filename: 'a', sla: 20, creationDate: '/Date(0)/' }];
  expect(SlaErrorSubmitted.schema.parse({ files })).toEqual({ files });
});
