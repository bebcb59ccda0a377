import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processesMarked } from '#infra/local/processes.ts';
import { end, spawnProgram, type SpawnedProgram } from '#test/support/spawned-program.ts';

const gone = { timeout: 15_000, interval: 100 };

let stateFolder: string;
let program: SpawnedProgram;
let marker: string;
let folder: string;

beforeEach(async () => {
  stateFolder = await mkdtemp(path.join(tmpdir(), 'local-aws-test-'));
});

async function runProgram(manner: 'polite' | 'stubborn' = 'polite'): Promise<void> {
  program = await spawnProgram('run-program.ts', stateFolder, manner);
  ({ marker, folder } = JSON.parse(program.firstLine) as { marker: string; folder: string });
}

afterEach(async () => {
  await end(program.child, 'SIGTERM');
  await rm(stateFolder, { recursive: true, force: true });
});

test('a terminated program ends its processes, the stubborn too, before it ends itself', async () => {
  await runProgram('stubborn');
  expect(await processesMarked(marker)).toHaveLength(2);

  expect(await end(program.child, 'SIGTERM')).toBe(143);

  expect(await processesMarked(marker)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test('what a killed program leaves is removed', async () => {
  await runProgram();
  await end(program.child, 'SIGKILL');

  await expect.poll(() => processesMarked(marker), gone).toEqual([]);
  await expect.poll(() => existsSync(folder), gone).toBe(false);
});

test('a program whose reaper was killed removes all by itself', async () => {
  await runProgram();
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(program.child.pid)]);
  const reaper = children
    .toString()
    .split('\n')
    .find((line) => line.includes('reaper-process'));
  process.kill(Number.parseInt(reaper!), 'SIGKILL');

  expect(await end(program.child, 'SIGTERM')).toBe(143);

  expect(await processesMarked(marker)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test('a process that mentions the folder of a run is not taken for one of it', async () => {
  await runProgram();
  const { child } = await spawnProgram('bystander-program.ts', folder);

  await end(program.child, 'SIGTERM');

  expect(child.exitCode).toBeNull();
  await end(child, 'SIGTERM');
});
