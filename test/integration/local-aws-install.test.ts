import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installOnce } from '#infra/local/install.ts';
import { processesMarked } from '#infra/local/processes.ts';
import { quietProgress } from '#infra/local/progress.ts';
import { end, spawnProgram, type SpawnedProgram } from '#test/support/spawned-program.ts';

const gone = { timeout: 20_000, interval: 100 };

let parent: string;
let token: string;
let program: SpawnedProgram;

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'install-test-'));
  token = randomUUID();
  program = await spawnProgram('install-program.ts', path.join(parent, 'tool-1.0.0'), token);
  // The program itself, the command that it runs, and what that started.
  expect(await processesMarked(token)).toHaveLength(3);
});

afterEach(async () => {
  await end(program.child, 'SIGKILL');
  await rm(parent, { recursive: true, force: true });
});

async function installAgain(): Promise<void> {
  const folder = path.join(parent, 'tool-1.0.0');
  const fill = (temporary: string) => writeFile(path.join(temporary, 'whole'), '');
  await installOnce({ title: 'Install a tool', folder, fill }, quietProgress);
  expect(await readdir(folder)).toEqual(['whole']);
  expect(await readdir(parent)).toEqual(['tool-1.0.0']);
}

test('an installation that is killed leaves no process and no half, and is begun anew', async () => {
  await end(program.child, 'SIGKILL');

  await expect.poll(() => processesMarked(token), gone).toEqual([]);
  await expect.poll(() => readdir(parent), gone).toEqual(['tool-1.0.0.lock']);
  await installAgain();
});

test('an installation that is told to end is gone before its program is', async () => {
  expect(await end(program.child, 'SIGINT')).toBe(130);

  expect(await processesMarked(token)).toEqual([]);
  expect(await readdir(parent)).toEqual([]);
  await installAgain();
});
