import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MissingToolError } from '#infra/local/missing-tool-error.ts';
import { findPython } from '#infra/local/python.ts';

let folder: string;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'python-test-'));
  environment = { PATH: path.join(folder, 'bin'), PYENV_ROOT: path.join(folder, 'pyenv') };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function scripted(file: string, script: string): Promise<string> {
  const absolute = path.join(folder, file);
  await mkdir(path.dirname(absolute), { recursive: true });
  await writeFile(absolute, `#!/bin/sh\n${script}\n`);
  await chmod(absolute, 0o755);
  return absolute;
}

test("pyenv's Python 3.13 is taken when its shim on the path refuses", async () => {
  await scripted('bin/python3.13', 'echo "pyenv: command not found" >&2; exit 127');
  await scripted('bin/python3', 'echo "3.11 /usr/bin/python3.11"');
  await scripted('pyenv/versions/3.13.0/bin/python3', 'echo "3.13 /real/python3.13"');

  expect(await findPython(environment)).toEqual({
    executable: '/real/python3.13',
    localStackVersion: '4.14.0',
  });
});

test('an older Python runs an older LocalStack', async () => {
  await scripted('bin/python3', 'echo "3.11 /usr/bin/python 3.11"');

  expect(await findPython(environment)).toEqual({
    executable: '/usr/bin/python 3.11',
    localStackVersion: '4.9.2',
  });
});

test('without a usable Python the error says how to get one', async () => {
  await scripted('bin/python3', 'echo "3.9 /usr/bin/python3.9"');

  const error: unknown = await findPython(environment).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(MissingToolError);
  expect((error as MissingToolError).howToFix).toContain('TOKENLINE_PYTHON');
});

test('a Python that was named is the only one that is tried', async () => {
  await scripted('bin/python3', 'echo "3.13 /real/python3.13"');
  const named = path.join(folder, 'missing');

  await expect(findPython({ ...environment, TOKENLINE_PYTHON: named })).rejects.toThrow(named);
});
