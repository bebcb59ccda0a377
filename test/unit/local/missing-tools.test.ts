import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployFailure } from '#infra/local/cdktf.ts';
import { explain } from '#infra/local/explain.ts';
import { missingTools } from '#infra/local/missing-tools.ts';

let empty: string;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  empty = await mkdtemp(path.join(tmpdir(), 'missing-tools-'));
  environment = { PATH: empty, PYENV_ROOT: empty, TF_PLUGIN_DIR: empty };
});
afterEach(() => rm(empty, { recursive: true }));

test('all that is missing is said at once, a line each, with the way to get it', async () => {
  const [python, terraform, provider, ...others] = await missingTools(environment);

  expect(python).toMatch(/^Python 3.10 to 3.13 .* was not found\. Install Python 3.13/);
  expect(terraform).toMatch(/^terraform was not found\. Install Terraform .*https:/);
  expect(provider).toMatch(/^The AWS provider .* was not found\. Expected registry.terraform.io/);
  expect(others).toEqual([]);
  for (const line of [python, terraform, provider]) expect(line).not.toContain('\n');
});

test('npm start says so before it begins anything', { timeout: 60_000 }, async () => {
  const args = ['--import', 'tsx', 'infra/local/start.ts', '--once'];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { env: environment }, (error, stdout, stderr) => {
      resolve(`${String(error?.code)}\n${stdout}${stderr}`);
    });
  });

  expect(output.trim().split('\n')).toEqual(['1', ...(await missingTools(environment))]);
});

test('a registry without the AWS provider is told from a stack that is wrong', () => {
  const unreachable = `Error: Failed to query available provider packages\n\nCould not retrieve`;

  expect(explain(deployFailure(unreachable, 'deploy.log'))).toMatch(
    /^Terraform's AWS provider was not found\. .*TF_PLUGIN_DIR/,
  );
  expect(deployFailure('Error: Invalid value', 'deploy.log').message).toContain('Invalid value');
});

test.each([
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
  new Error('initdb ended with 1\ncould not write to file "x": No space left on device\nbye'),
])('a full disk is said in a line', (error) => {
  expect(explain(error)).toMatch(/^A disk is full \(.*no space left on device.*\)\. Make room/i);
});

test('what we know nothing of is told whole', () => {
  const error = new Error('something else');

  expect(explain(error)).toBe(error.stack);
});
