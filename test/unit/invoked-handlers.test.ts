import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { inspect } from 'node:util';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DependencyUnavailableError, OwnError } from '#shared/errors.ts';
import { invokedHandler } from '#shared/invoked-handler.ts';
import { lambdaContext } from '#test/support/lambda-context.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { functionVariables, synthesize } from '#test/support/synthesized-stack.ts';

/** With a table that is there already: one of them works on nothing else. */
const stack = synthesize({ DYNAMODB_TABLE: 'FileSlaErrors' });
const SECRET = 'a-secret-token';
/** Neither a queue nor a route brings them their work. */
const INVOKED = [
  'announce-cafe24-codes',
  'backfill-sla-errors',
  'migrate-database',
  'obtain-claroshop-token',
  'recover-cafe24-grants',
  'warn-cafe24-expiry',
  'warn-claroshop-expiry',
];
/** Lambda brings them itself; the credentials are of nobody. */
const OF_LAMBDA = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'nobody',
  AWS_SECRET_ACCESS_KEY: 'nothing',
};

type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** As pg, Zod and the SDK make them: rows and bodies in every part. */
const foreign = () =>
  Object.assign(new TypeError(`(${SECRET}) already exists`, { cause: new Error(SECRET) }), {
    code: '23505',
    detail: `Key (refresh_token)=(${SECRET}) already exists.`,
    where: SECRET,
    $response: { body: SECRET },
  });

/** Typed for the overloads that take a callback. */
const away = (() => Promise.reject(foreign())) as () => never;

/** The first of the SDK's clients that knows `send`: all of them inherit it. */
const sdkClient = Object.getPrototypeOf(DynamoDBClient.prototype) as DynamoDBClient;

let written = '';

beforeEach(() => {
  written = '';
  const keep = (text: unknown) => (written += String(text)).length > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...all) => (written += inspect(all)));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function handlerOf(name: string): Promise<Handler> {
  const variables = { ...functionVariables(stack, name), ...OF_LAMBDA };
  for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value);
  vi.stubEnv('PGPASSWORD', 'nothing');
  const path = `../../functions/${name}/handler.ts`;
  return ((await import(path)) as { handler: Handler }).handler;
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

/** Some throw nothing, whatever happens; what they throw, the log knows of. */
function expectNothingTold(thrown: unknown): void {
  expect(written).not.toContain(SECRET);
  expect(printed(thrown)).not.toContain(SECRET);
  if (thrown === undefined) return;
  expect(thrown).toBeInstanceOf(OwnError);
  expect(written).toContain('invocation-failed');
}

/** What Lambda's runtime could print of it, own properties and all. */
const printed = (thrown: unknown) => inspect(thrown, { depth: 10, showHidden: true });

test('no function that is invoked is forgotten here', () => {
  const queues = stack
    .all('aws_lambda_event_source_mapping')
    .map(({ function_name: reference }) => stack.referredBy(reference).function_name);
  const routes = stack
    .all('aws_lambda_permission')
    .filter(({ source_arn: arn }) => arn.includes('aws_api_gateway'))
    .map(({ function_name: reference }) => stack.referredBy(reference).function_name);
  const rest = stack
    .all('aws_lambda_function')
    .map(({ function_name: name }) => name)
    .filter((name) => !queues.includes(name) && !routes.includes(name));

  expect(rest.sort()).toEqual(INVOKED.map((name) => `tokenline-${name}`));
});

describe.each(INVOKED)('%s, as deployed', (name) => {
  test('tells nothing of an error of its services, and throws none but ours', async () => {
    vi.spyOn(sdkClient, 'send').mockImplementation(away);
    vi.spyOn(pg.Client.prototype, 'connect').mockImplementation(away);
    vi.spyOn(pg.Pool.prototype, 'connect').mockImplementation(away);
    const handler = await handlerOf(name);

    const thrown = await thrownBy(
      handler(
        {},
        lambdaContext(() => 60_000),
      ),
    );

    expectNothingTold(thrown);
  });

  test('tells nothing of what it could not read of its invocation', async () => {
    const handler = await handlerOf(name);
    const refuse = () => {
      throw foreign();
    };
    const event = Object.fromEntries([[SECRET, SECRET]]);
    const context = new Proxy(lambdaContext(refuse), { get: refuse });

    const thrown = await thrownBy(handler(event, context));

    expectNothingTold(thrown);
  });
});

describe('a handler that is invoked', () => {
  const context = lambdaContext(() => 60_000);
  const handlerThat = (error: unknown, log = recordingLog()) =>
    invokedHandler(log, () => Promise.reject(error as Error))({}, context);

  test('throws of an error of somebody else its name, code and frames', async () => {
    const thrown = (await thrownBy(handlerThat(foreign()))) as Error;

    expect(printed(thrown)).not.toContain(SECRET);
    expect(thrown).toMatchObject({ name: 'TypeError', code: '23505' });
    expect(thrown.message).toBe('TypeError (23505)');
    expect(thrown.stack).toMatch(/^TypeError: TypeError \(23505\)\n {4}at /);
  });

  test('throws of an error of ours what it says, without its cause', async () => {
    const own = new DependencyUnavailableError('database-unavailable', 'Away.', {
      cause: foreign(),
    });
    const thrown = (await thrownBy(handlerThat(own))) as Error;

    expect(printed(thrown)).not.toContain(SECRET);
    expect(thrown).toMatchObject({
      name: 'DependencyUnavailableError',
      code: 'database-unavailable',
      message: 'Away.',
    });
  });

  test('throws an error for what is none', async () => {
    expect(await thrownBy(handlerThat(SECRET))).toMatchObject({ message: 'thrown: string' });
  });

  test('tells its log of it', async () => {
    const log = recordingLog();
    await thrownBy(handlerThat(foreign(), log));

    expect(log.lines).toMatchObject([{ level: 'error', message: 'invocation-failed' }]);
  });
});
