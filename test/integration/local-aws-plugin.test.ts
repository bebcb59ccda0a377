import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { installLocalStack } from '#infra/local/local-stack-install.ts';
import { quietProgress } from '#infra/local/progress.ts';

test('the LocalStack plugin passes its own tests', async () => {
  const { python } = await installLocalStack(quietProgress);
  const cwd = fileURLToPath(new URL('../../infra/local/plugin/', import.meta.url));
  const args = ['-m', 'unittest', 'discover', '--start-directory', 'tests'];

  const env = {
    ...process.env,
    PYTHONPATH: cwd,
    // Another test looks whether it leaves anything in the project.
    PYTHONDONTWRITEBYTECODE: '1',
    LAMBDA_NODE_BIN: process.execPath,
  };
  const { stderr } = await promisify(execFile)(python, args, { cwd, env });

  expect(stderr).toMatch(/^Ran \d+ tests[^]*OK\s*$/m);
});
