import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tracesAtHome } from '#test/support/leftovers.ts';

let folder: string;
let file: string;
const traces = () => tracesAtHome([folder, path.join(folder, 'that is not there')]);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tokenline-home-'));
  await mkdir(path.join(folder, 'plugins'));
  file = path.join(folder, 'plugins', 'a-plugin');
  await writeFile(file, 'old');
});
afterEach(() => rm(folder, { recursive: true }));

test('a folder that nobody writes into shows no traces', async () => {
  const before = await traces();
  expect(before).toHaveLength(3);
  expect(await traces()).toEqual(before);
});

test('a new file deep in a folder is a trace', async () => {
  const before = await traces();
  await writeFile(path.join(folder, 'plugins', 'another'), '');
  expect(await traces()).not.toEqual(before);
});

test('an old file that is written again is a trace', async () => {
  await utimes(file, 1, 1);
  const before = await traces();
  await writeFile(file, 'new');
  expect(await traces()).not.toEqual(before);
});
