import type { ChildProcess } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { isListening } from '#infra/local/ports.ts';
import { processesMarked } from '#infra/local/processes.ts';
import { quietProgress } from '#infra/local/progress.ts';
import { findRunningLocalAws, useLocalAws } from '#infra/local/start-local-aws.ts';
import { traces } from '#test/support/leftovers.ts';
import { listeningPorts, recordedPorts } from '#test/support/listening-ports.ts';
import { end, spawnProgram } from '#test/support/spawned-program.ts';

const gone = { timeout: 20_000, interval: 200 };

let stateFolder: string;
let recordFile: string;

beforeEach(async () => {
  stateFolder = await mkdtemp(path.join(tmpdir(), 'local-aws-test-'));
  recordFile = path.join(stateFolder, 'running.json');
});

afterEach(async () => {
  await rm(stateFolder, { recursive: true, force: true });
});

test('a second program uses the local AWS that runs and leaves it running', async () => {
  const localAws = inject('localAws');

  const used = await useLocalAws(quietProgress);
  await used.stop();

  expect(used).toMatchObject({ localAws, isOurs: false });
  expect(await findRunningLocalAws()).toEqual(localAws);
});

test('a record of a LocalStack that another one has replaced finds nothing', async () => {
  const localAws = { ...inject('localAws'), instanceId: 'another' };
  await writeFile(recordFile, JSON.stringify({ marker: 'tokenline-run=gone', localAws }));

  expect(await findRunningLocalAws(stateFolder)).toBeUndefined();
});

/** What the program has started, with all ports of it. */
async function running({ pid = 0 }: ChildProcess) {
  const localAws = (await findRunningLocalAws(stateFolder))!;
  const { marker } = JSON.parse(await readFile(recordFile, 'utf8')) as { marker: string };
  const listening = await listeningPorts([pid, ...(await processesMarked(marker))]);
  const ports = [...new Set([...recordedPorts(localAws), ...listening])];
  // LocalStack, Postgres, Cafe24, ClaroShop; on Linux DynamoDB Local, which the record does not name.
  expect(ports.length).toBeGreaterThanOrEqual(process.platform === 'linux' ? 5 : 4);
  expect(await openOf(ports)).toEqual(ports);
  return { localAws, marker, ports };
}

async function openOf(ports: readonly number[]): Promise<readonly number[]> {
  const isOpen = await Promise.all(ports.map(isListening));
  return ports.filter((_, at) => isOpen[at]);
}

/** As many as fit into the whole run of the tests; `LOCAL_AWS_STARTS=10` for the full form. */
const STARTS = Number(process.env['LOCAL_AWS_STARTS'] ?? 1);

test(
  'started and stopped again and again, it leaves no process, port or file',
  { timeout: STARTS * 150_000 },
  async () => {
    const before = await traces();
    for (let start = 0; start < STARTS; start += 1) {
      const { child } = await spawnProgram('local-aws-program.ts', stateFolder);
      const { marker, ports } = await running(child);

      expect(await end(child, start % 2 === 0 ? 'SIGTERM' : 'SIGINT')).toBe(
        start % 2 === 0 ? 143 : 130,
      );

      expect(await processesMarked(marker)).toEqual([]);
      expect(await openOf(ports)).toEqual([]);
      expect((await readdir(stateFolder)).sort()).toEqual(['localstack.log', 'postgres.log']);
    }
    expect(await traces()).toEqual(before);
  },
);

test('a record that another version wrote finds nothing', async () => {
  await writeFile(recordFile, JSON.stringify({ marker: 'tokenline-run=gone', localAws: {} }));
  expect(await findRunningLocalAws(stateFolder)).toBeUndefined();

  await writeFile(recordFile, '{"marker": "tok');
  expect(await findRunningLocalAws(stateFolder)).toBeUndefined();
});

test('beside another local AWS it takes free ports, and killed it leaves nothing', async () => {
  const { child } = await spawnProgram('local-aws-program.ts', stateFolder);
  const { localAws, marker, ports } = await running(child);
  expect(localAws.endpointUrl).not.toBe(inject('localAws').endpointUrl);
  expect(statSync(recordFile).mode & 0o777).toBe(0o600);
  // LocalStack, DynamoDB Local, Postgres
  expect((await processesMarked(marker)).length).toBeGreaterThanOrEqual(3);

  await end(child, 'SIGKILL');

  await expect.poll(() => processesMarked(marker), gone).toEqual([]);
  await expect.poll(() => openOf(ports), gone).toEqual([]);
  expect(existsSync(recordFile)).toBe(false);
  expect(await findRunningLocalAws()).toEqual(inject('localAws'));
}, 150_000);
