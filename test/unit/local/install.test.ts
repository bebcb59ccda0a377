import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installOnce } from '#infra/local/install.ts';
import { quietProgress } from '#infra/local/progress.ts';

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'install-test-'));
  folder = path.join(parent, 'tool-1.0.0');
});

afterEach(() => rm(parent, { recursive: true, force: true }));

const install = (fill: (temporary: string) => Promise<void>) =>
  installOnce({ title: 'Install a tool', folder, fill }, quietProgress);
const fillWith = (text: string) => (temporary: string) =>
  writeFile(path.join(temporary, 'tool'), text);
const installed = () => readFile(path.join(folder, 'tool'), 'utf8');

test('what is installed is not installed again', async () => {
  await install(fillWith('first'));
  await install(fillWith('second'));

  expect(await installed()).toBe('first');
  expect(await readdir(parent)).toEqual(['tool-1.0.0']);
});

test('an installation that failed half-way is begun anew, and leaves nothing of the half', async () => {
  const halfWay = async (temporary: string) => {
    await fillWith('half')(temporary);
    throw new Error('the network went away');
  };
  await expect(install(halfWay)).rejects.toThrow('the network went away');

  await install(fillWith('whole'));

  expect(await installed()).toBe('whole');
  expect(await readdir(parent)).toEqual(['tool-1.0.0']);
});

test('the leftovers of an installer that was killed are removed', async () => {
  await mkdir(`${folder}.partial-abc`);
  // No process has a number as high as that.
  await writeFile(`${folder}.lock`, '99999999');

  await install(fillWith('whole'));

  expect(await readdir(parent)).toEqual(['tool-1.0.0']);
});

test('a number that belongs to another process by now holds no lock', async () => {
  await writeFile(`${folder}.lock`, `${process.pid} Thu Jan  1 00:00:00 1970`);

  await install(fillWith('whole'));

  expect(await installed()).toBe('whole');
});

test('two installers at once install once', async () => {
  const fills: string[] = [];
  const slowly = (name: string) => async (temporary: string) => {
    fills.push(name);
    await sleep(50);
    await fillWith(name)(temporary);
  };

  await Promise.all([install(slowly('one')), install(slowly('two'))]);

  expect(fills).toHaveLength(1);
  expect(await installed()).toBe(fills[0]);
});
