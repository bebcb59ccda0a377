import pg from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { DependencyUnavailableError, InvalidMessageError } from '#shared/errors.ts';
import { errorField, powertoolsLog } from '#shared/log.ts';
import { toldError, toldMessage } from '#shared/told-error.ts';

const SECRET = 'a-secret-code';
const database = () =>
  Object.assign(new pg.DatabaseError(`duplicate key: ${SECRET}`, 100, 'error'), {
    code: '23505',
    detail: `Key (refresh_token)=(${SECRET}) already exists.`,
    where: SECRET,
    client: { host: 'db.example.com', user: SECRET, secretKey: 4711 },
  });
const caught = (work: () => unknown): Error => {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
};
/** `depth` errors, each the cause of the one before. */
const chain = (depth: number): Error =>
  new Error(SECRET, depth > 1 ? { cause: chain(depth - 1) } : {});
const circular = () => {
  const error = new Error(SECRET);
  error.cause = new Error(SECRET, { cause: error });
  return error;
};
const trap = () =>
  Object.defineProperties(new Error(SECRET), {
    code: {
      get: () => {
        throw new Error(SECRET);
      },
    },
    cause: {
      get: () => {
        throw new Error(SECRET);
      },
    },
  });
const sdk = () =>
  Object.assign(new Error(`1 validation error detected: Value '${SECRET}'`), {
    name: 'ValidationException',
    $metadata: { httpStatusCode: 400, requestId: 'c6af9ac6-7b61-11e6' },
    $response: { body: SECRET },
  });
const looksLikeFrames = () => new Error(`no\n    at ${SECRET} (${SECRET}:1:2)\n    at x:1:2`);

const ERRORS: Readonly<Record<string, () => Error>> = {
  'of pg': database,
  'of Zod': () => caught(() => z.strictObject({}).parse({ [SECRET]: SECRET })),
  'of JSON': () => caught(() => JSON.parse(`{"code": ${SECRET}`)),
  'of the AWS SDK': sdk,
  'with many errors in it': () => new AggregateError([database(), sdk()], SECRET),
  'with causes seven deep': () => chain(7),
  'that is its own cause': circular,
  'with getters that throw': trap,
  'whose message looks like frames': looksLikeFrames,
  'with a name that is a text': () => Object.assign(new Error(), { name: `${SECRET} in a name` }),
  'of ours, caused by one of pg': () =>
    new DependencyUnavailableError('database-unavailable', 'Away.', { cause: database() }),
};

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a function's log writes. */
function written(write: (log: ReturnType<typeof powertoolsLog>) => void): string {
  const texts: string[] = [];
  const keep = (text: unknown) => texts.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  write(powertoolsLog('a-function'));
  return texts.join('');
}

describe.each(Object.entries(ERRORS))('an error %s', (_, make) => {
  test('is logged without a word of its message, and with where it was thrown', () => {
    const lines = written((log) => {
      const field = errorField(make());
      log.info('a', field);
      log.warn('b', field);
      log.error('c', { ...field, other: make() });
      log.child(field).warn('d');
    });

    expect(lines).not.toContain(SECRET);
    expect(lines).not.toContain('db.example.com');
    const first = JSON.parse(lines.split('\n')[0]!) as { error: { stack: string } };
    expect(first.error.stack).toMatch(/^ {4}at /);
  });

  test('becomes one line without a word of its message', () => {
    expect(toldMessage(make())).not.toContain(SECRET);
  });
});

test('of somebody else, an error tells name, code and what identifies the call', () => {
  expect(toldError(database())).toMatchObject({ name: 'error', code: '23505' });
  expect(toldMessage(database())).toBe('error (23505)');
  expect(toldError(sdk())).toMatchObject({
    name: 'ValidationException',
    httpStatusCode: '400',
    requestId: 'c6af9ac6-7b61-11e6',
  });
  expect(toldMessage(sdk())).toBe('ValidationException');
});

test('an error of ours tells its message, code and cause', () => {
  const error = new InvalidMessageError('mallId: expected a mall', { cause: database() });

  expect(toldError(error)).toMatchObject({
    name: 'InvalidMessageError',
    code: 'invalid-message',
    message: 'mallId: expected a mall',
    cause: { name: 'error', code: '23505' },
  });
  expect(toldMessage(error)).toBe('mallId: expected a mall');
});

test('the errors of an AggregateError are told, the first five', () => {
  const many = new AggregateError(Array.from({ length: 9 }, database));

  expect(toldError(many).errors?.map(({ code }) => code)).toEqual(Array(5).fill('23505'));
});

test.each([[null], [undefined], [5], ['a-secret-code']])(
  'what is no error (%o) is told by its kind',
  (thrown) => {
    expect(toldError(thrown)).toEqual({ name: 'Error' });
    expect(toldError(errorField(thrown).error).message).toMatch(/^thrown: [a-z]+$/);
  },
);
