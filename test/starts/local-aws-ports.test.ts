import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installLocalStack } from '#infra/local/local-stack-install.ts';
import { readInstanceId, startLocalStack } from '#infra/local/local-stack.ts';
import { isListening, onFreePort } from '#infra/local/ports.ts';
import { startPostgres } from '#infra/local/postgres.ts';
import { processesMarked } from '#infra/local/processes.ts';
import { quietProgress } from '#infra/local/progress.ts';
import { beginRun, type ChildSpec, type Run } from '#infra/local/run.ts';
import { startCafe24Provider } from '#test/support/cafe24-provider/server.ts';

let folder: string;
let run: Run;
/** Those who came between the choice of a port and the listening on it. They never answer. */
let thieves: net.Server[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'local-aws-test-'));
  run = await beginRun(path.join(folder, 'running.json'));
  thieves = [];
});
afterEach(async () => {
  for (const thief of thieves) thief.close();
  await run.end();
  await rm(folder, { recursive: true });
});

async function take(port: number): Promise<void> {
  const thief = net.createServer().listen(port, '127.0.0.1');
  thieves.push(thief);
  await once(thief, 'listening');
}
const taken = () => thieves.map((it) => (it.address() as net.AddressInfo).port);

/** A run in which the port of the first process is taken after it was chosen. */
function robbed(portOf: (spec: ChildSpec) => number): Run {
  return {
    ...run,
    start: async (spec) => {
      if (thieves.length === 0) await take(portOf(spec));
      return run.start(spec);
    },
  };
}

const afterPrefix = (prefix: string) => (text: string) => Number(text.slice(prefix.length));

test('Postgres whose port is taken in the last moment listens on another', async () => {
  const portOf = ({ args }: ChildSpec) =>
    afterPrefix('port=')(args.find((it) => it.startsWith('port='))!);

  const address = await startPostgres(robbed(portOf), path.join(folder, 'postgres.log'));

  expect(taken()).toHaveLength(1);
  expect(taken()).not.toContain(address.port);
  const client = new pg.Client(address);
  await client.connect();
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await client.end();
});

test('LocalStack whose port is taken in the last moment listens on another', async () => {
  const portOf = ({ environment }: ChildSpec) =>
    afterPrefix('127.0.0.1:')(environment['GATEWAY_LISTEN']!);
  const parts = await installLocalStack(quietProgress);

  const log = path.join(folder, 'localstack.log');
  const { endpointUrl, instanceId } = await startLocalStack(robbed(portOf), parts, log);

  expect(taken()).toHaveLength(1);
  expect(taken()).not.toContain(Number(new URL(endpointUrl).port));
  expect(await readInstanceId(endpointUrl)).toBe(instanceId);
  // LocalStack and DynamoDB Local: nothing of the first one.
  expect(await processesMarked(run.marker)).toHaveLength(2);
}, 150_000);

test('a provider whose port is taken in the last moment listens on another', async () => {
  const { stop, controlUrl } = await onFreePort(0, async (port) => {
    if (thieves.length === 0) await take(port);
    return startCafe24Provider({ port, clientId: '', clientSecret: '', redirectUri: '' });
  });

  const port = Number(new URL(controlUrl).port);
  expect(taken()).toHaveLength(1);
  expect(taken()).not.toContain(port);
  expect(await isListening(port)).toBe(true);
  await stop();
});

test('after five ports that were taken it fails as the fifth did', async () => {
  const start = async (port: number) => {
    await take(port);
    return startCafe24Provider({ port, clientId: '', clientSecret: '', redirectUri: '' });
  };

  await expect(onFreePort(0, start)).rejects.toThrow('EADDRINUSE');

  expect(thieves).toHaveLength(5);
});

test('what fails for another reason is not started again', async () => {
  let starts = 0;
  const start = () => {
    starts += 1;
    return Promise.reject(new Error('no room'));
  };

  await expect(onFreePort(0, start)).rejects.toThrow('no room');

  expect(starts).toBe(1);
});
