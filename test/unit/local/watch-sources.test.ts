import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchSources } from '#infra/local/watch-sources.ts';

let folder: string;
let watching: ReturnType<typeof watchSources>;
let told: string[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tokenline-watch-'));
  await mkdir(path.join(folder, 'functions', 'one'), { recursive: true });
  await mkdir(path.join(folder, 'events'));
  await writeFile(path.join(folder, 'functions', 'one', 'handler.ts'), 'first');
  told = [];
  watching = watchSources(folder, ['functions', 'events'], {
    onChange: (file) => told.push(file),
    onError: (error) => told.push(error.message),
  });
});
afterEach(async () => {
  watching.close();
  await rm(folder, { recursive: true });
});

const handler = 'functions/one/handler.ts';

/** As editors do that never leave half a file behind. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(path.join(folder, 'new'), text);
  await rename(path.join(folder, 'new'), path.join(folder, file));
}

async function isTold(file: string): Promise<void> {
  await expect.poll(() => told, { timeout: 10_000 }).toContain(file);
  told.length = 0;
}

it('tells of a file each time that it is replaced', async () => {
  for (const text of ['second', 'the third', 'and the fourth']) {
    await replace(handler, text);
    await isTold(handler);
  }
});

it('tells of a file that is written in place, of a new one, and of one that is gone', async () => {
  await writeFile(path.join(folder, handler), 'written in place');
  await isTold(handler);
  await writeFile(path.join(folder, 'events', 'new.ts'), 'new');
  await isTold('events/new.ts');
  await rm(path.join(folder, handler));
  await isTold(handler);
});

it('tells of what is in a new folder, also of one that was there before', async () => {
  const file = 'functions/two/handler.ts';
  for (let times = 0; times < 2; times++) {
    await mkdir(path.join(folder, 'made', 'two'), { recursive: true });
    await writeFile(path.join(folder, 'made', 'two', 'handler.ts'), 'made elsewhere');
    await rename(path.join(folder, 'made', 'two'), path.join(folder, 'functions', 'two'));
    await isTold(file);
    await replace(file, 'and changed');
    await isTold(file);
    await rm(path.join(folder, 'functions', 'two'), { recursive: true });
  }
});
