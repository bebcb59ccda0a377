import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import {
  ConfigurationError,
  DependencyUnavailableError,
  PublishFailedError,
} from '#shared/errors.ts';
import { AuthenticationError, BadRequestError } from '#shared/http/errors.ts';
import { parseJsonBody, readJsonBody } from '#shared/http/json-body.ts';
import { httpHandler, type HttpRoute } from '#shared/http/http-handler.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import { ok } from '#shared/http/response.ts';
import { lambdaContext, proxyEvent } from '#test/support/http-requests.ts';
import { recordingLog, type RecordingLog } from '#test/support/recording-log.ts';
import { recordingMetrics, type RecordingMetrics } from '#test/support/recording-metrics.ts';

let log: RecordingLog;
let metrics: RecordingMetrics;

beforeEach(() => {
  log = recordingLog();
  metrics = recordingMetrics();
});

function handle(answer: HttpRoute['answer'], event = proxyEvent()) {
  return httpHandler({ route: 'POST /parcels', answer }, { log, metrics })(event, lambdaContext());
}

const failing = (error: unknown) => () => {
  throw error;
};

describe('httpHandler', () => {
  it('answers in JSON that nobody on the way may keep', async () => {
    expect(await handle(() => Promise.resolve(ok({ parcels: 2 })))).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: '{"parcels":2}',
    });
  });

  const SECRET = new Error('password=secret at db.internal');

  test.each([
    [new AuthenticationError('ERR_JWT_EXPIRED'), 401, { message: 'Unauthorized' }],
    [
      new BadRequestError([{ path: 'a', message: 'expected b' }]),
      400,
      { message: 'Bad request', problems: [{ path: 'a', message: 'expected b' }] },
    ],
    [
      new DependencyUnavailableError('jwks-unavailable', 'db.internal', { cause: SECRET }),
      503,
      { message: 'Service unavailable. You may send the same request again without harm.' },
    ],
    [
      new PublishFailedError('EventBridge did not take 3 of 5 events.', { cause: SECRET }),
      503,
      { message: 'Service unavailable. You may send the same request again without harm.' },
    ],
    [new ConfigurationError('client'), 500, { message: 'Internal server error' }],
    [SECRET, 500, { message: 'Internal server error' }],
    ['no error at all', 500, { message: 'Internal server error' }],
    [undefined, 500, { message: 'Internal server error' }],
  ])('turns %s into %i without inner detail', async (error, status, body) => {
    const result = await handle(failing(error));
    expect(result.statusCode).toBe(status);
    expect(result.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(JSON.parse(result.body)).toEqual(body);
  });

  it('logs an error that is ours, and of a caller only the code', async () => {
    await handle(failing(SECRET));
    await handle(failing(new AuthenticationError('ERR_JWT_EXPIRED')));
    expect(log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'error request-failed',
      'info request-answered',
      'info caller-refused',
      'info request-answered',
    ]);
    expect(log.lines[0]!.fields['error']).toBe(SECRET);
    expect(log.lines[2]!.fields).toEqual({
      route: 'POST /parcels',
      requestId: 'request-1',
      code: 'ERR_JWT_EXPIRED',
    });
  });

  it('counts every use by route and every status by route', async () => {
    await handle(() => Promise.resolve(ok({})));
    await handle(failing(new AuthenticationError('x')));
    expect(metrics.counts).toEqual([
      'Requests route=POST /parcels',
      'Responses route=POST /parcels status=200',
      'Requests route=POST /parcels',
      'Responses route=POST /parcels status=401',
    ]);
  });

  it('answers with the first 50 problems and says how many it left out', async () => {
    const problems = Array.from({ length: 1_234 }, (_, index) => ({
      path: `files[${index}]`,
      message: 'expected a file',
    }));
    const { body } = await handle(failing(new BadRequestError(problems)));
    const answer = JSON.parse(body) as { problems: unknown[]; problemsOmitted: number };
    expect(answer.problems).toHaveLength(50);
    expect(answer.problemsOmitted).toBe(1_184);
  });
});

describe('the request', () => {
  const received = async (event: Parameters<typeof proxyEvent>[0]): Promise<HttpRequest> => {
    let seen: HttpRequest | undefined;
    await handle((request) => {
      seen = request;
      return Promise.resolve(ok({}));
    }, proxyEvent(event));
    return seen!;
  };
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const inBase64 = (bytes: Uint8Array) => ({ body: base64(bytes), isBase64Encoded: true });
  const utf16le = (text: string) => Buffer.from(text, 'utf16le');

  it('finds a header whatever its case', async () => {
    const request = await received({ headers: { AUTHORIZATION: 'Bearer a' } });
    expect(request.header('Authorization')).toBe('Bearer a');
    expect(request.header('x-other')).toBeUndefined();
  });

  it('has an empty body, no headers and no query where API Gateway says null', async () => {
    const request = await received({ headers: null as never });
    expect(request.body).toBe('');
    expect(request.header('authorization')).toBeUndefined();
    expect(request.query).toEqual({});
  });

  test.each([
    ['text', { body: '{"a":"ñ€"}' }, '{"a":"ñ€"}'],
    ['base64', { body: base64(Buffer.from('{"a":"ñ€"}')), isBase64Encoded: true }, '{"a":"ñ€"}'],
    [
      'Latin-1',
      { body: base64(Buffer.from('{"a":"Señal"}', 'latin1')), isBase64Encoded: true },
      '{"a":"Señal"}',
    ],
    ['text with a byte order mark', { body: '\uFEFF{}' }, '{}'],
    [
      'base64 with a byte order mark',
      { body: base64(Buffer.from('\uFEFF{}')), isBase64Encoded: true },
      '{}',
    ],
    ['UTF-16', inBase64(utf16le('\uFEFF{"a":"ł€"}')), '{"a":"ł€"}'],
    ['UTF-16 without a byte order mark', inBase64(utf16le('{"a":"ł€"}')), '{"a":"ł€"}'],
    ['UTF-16, big end first', inBase64(utf16le('\uFEFF{"a":"ł€"}').swap16()), '{"a":"ł€"}'],
    ['UTF-16, big end first, unmarked', inBase64(utf16le('[1]').swap16()), '[1]'],
    ['gzipped UTF-8', inBase64(gzipSync('{"a":"ñ€"}')), '{"a":"ñ€"}'],
    ['gzipped UTF-16', inBase64(gzipSync(utf16le('\uFEFF{"a":"ł"}'))), '{"a":"ł"}'],
    ['one letter', inBase64(Buffer.from('1')), '1'],
    ['nothing', inBase64(Buffer.alloc(0)), ''],
  ])('decodes a body that comes as %s', async (_name, event, text) => {
    expect((await received(event)).body).toBe(text);
  });

  test.each([
    ['gzip that is cut off', gzipSync('{"a":1}').subarray(0, 15)],
    ['gzip that grows beyond any report', gzipSync(`[${' '.repeat(6_000_000)}]`)],
    ['half a letter of UTF-16', utf16le('\uFEFF{}').subarray(0, 5)],
    ['half a surrogate pair in UTF-16', utf16le('\uFEFF{"a":"\ud83d"}')],
    ['zeros', Buffer.alloc(9)],
  ])('is no JSON where it is %s', async (_name, bytes) => {
    const { body } = await received(inBase64(bytes));
    expect(() => parseJsonBody(body, z.unknown())).toThrow(BadRequestError);
  });

  it('is told to be UTF-16 where something on the way took its letters apart', () => {
    const body = utf16le('{"a":1}').toString('latin1').slice(1);
    expect(readJsonBody(body, z.unknown()).problems).toEqual([
      { path: 'body', message: 'expected JSON in UTF-8; the body looks like UTF-16' },
    ]);
  });

  it('tells which parameters came several times', async () => {
    const request = await received({
      queryStringParameters: { a: '2', b: '3' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: ['3'] },
    });
    expect([request.query, request.repeated]).toEqual([{ a: '2', b: '3' }, ['a']]);
  });

  it('has no header and no parameter whose value is null', async () => {
    const none = { a: null } as never;
    const request = await received({ headers: none, queryStringParameters: none });
    expect([request.header('a'), request.query]).toEqual([undefined, {}]);
  });
});
