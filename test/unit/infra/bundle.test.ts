import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundleFunctions, type FunctionCode } from '#infra/bundle.ts';
import { deterministicZip } from '#infra/zip.ts';
import { DEV_ENVIRONMENT } from '#test/support/synthesized-stack.ts';

/** What a function needs in order to load; nobody answers at these addresses, and nobody is asked. */
const ENVIRONMENT = {
  ...DEV_ENVIRONMENT,
  AWS_REGION: 'eu-west-1',
  BUS_NAME: 'tokenline',
  ESCROW_TABLE: 'tokenline-grant-escrow',
  REFRESH_MARGIN_SECONDS: '900',
  REFRESH_JITTER_SECONDS: '900',
  QUEUE_URL: 'https://sqs.example.com/queue',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.example.com/queue-dlq',
};

describe('a zip', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('has the same bytes whatever the order of its files and the time', () => {
    vi.setSystemTime('2026-01-01T00:00:00Z');
    const one = deterministicZip({ 'a.txt': Buffer.from('A'), 'b/c.txt': Buffer.from('C') });
    vi.setSystemTime('2027-02-03T04:05:06Z');
    const other = deterministicZip({ 'b/c.txt': Buffer.from('C'), 'a.txt': Buffer.from('A') });

    expect(Buffer.compare(one, other)).toBe(0);
    expect(Object.keys(unzipSync(one))).toEqual(['a.txt', 'b/c.txt']);
  });
});

/** One of each trigger; the last brings files besides its code. */
const NAMES = ['exchange-cafe24-code', 'warn-cafe24-expiry', 'migrate-database'];
let folder: string;
let codeOf: (name: string) => FunctionCode;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tokenline-bundle-'));
  codeOf = await bundleFunctions(NAMES, folder);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

describe.each(NAMES)('the bundle of %s', (name) => {
  test('has the same hash each time it is made', async () => {
    const again = await bundleFunctions([name], path.join(folder, 'again'));

    expect(again(name).sha256).toBe(codeOf(name).sha256);
  });

  test('brings its migrations beside the code, and no source map', async () => {
    const names = Object.keys(unzipSync(await readFile(codeOf(name).zipPath)));
    const migrations = names.filter((file) => /^migrations\/\d{3}-[\w-]+\.sql$/.test(file));

    expect(names).toEqual(['index.mjs', ...migrations]);
    expect(migrations.length > 0).toBe(name === 'migrate-database');
  });

  test('loads away from the project, without node_modules', async () => {
    const unpacked = path.join(folder, 'unpacked', name);
    for (const [file, content] of Object.entries(unzipSync(await readFile(codeOf(name).zipPath)))) {
      await mkdir(path.dirname(path.join(unpacked, file)), { recursive: true });
      await writeFile(path.join(unpacked, file), content);
    }
    const program = `console.log(typeof (await import('./index.mjs')).handler)`;
    const answer = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: unpacked,
      env: ENVIRONMENT,
      encoding: 'utf8',
    });

    expect(answer.trim()).toBe('function');
  });
});
