import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { deployFailure } from '#infra/local/cdktf.ts';
import { explain } from '#infra/local/explain.ts';
import { missingTools } from '#infra/local/missing-tools.ts';
import { requireDocker } from '#infra/local/require-docker.ts';

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

/** Makes a program for the path that says only this. */
const fake = (name: string, script: string) =>
  writeFile(path.join(empty, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

describe('of Terraform', () => {
  it.each(['v1.9.8', 'v0.15.5', 'something else'])('%s is told to be too old', async (version) => {
    await fake('terraform', `echo "Terraform ${version}"`);
    const [, terraform] = await missingTools(environment);
    expect(terraform).toMatch(/^Terraform 1\.10 or newer was not found\. .*install$/);
    expect(terraform).toContain(
      version.startsWith('v') ? `says ${version.slice(1)}.` : 'no version',
    );
    expect(terraform).not.toContain('\n');
  });

  it.each(['v1.10.0', 'v1.14.3-rc1', 'v2.0.0'])('%s will do', async (version) => {
    await fake('terraform', `echo "Terraform ${version}"; echo "on linux_amd64"`);
    const missing = await missingTools(environment);
    expect(missing.filter((line) => /terraform /i.test(line))).toEqual([]);
  });
});

describe('npm run docker', () => {
  it('says in a line how to get Docker, or its Compose', async () => {
    await expect(requireDocker(environment)).rejects.toThrow(
      /^docker was not found\. Install Docker: https:\S+ npm start needs no Docker\.$/,
    );
    await fake('docker', `echo "docker: 'compose' is not a docker command." >&2; exit 1`);
    await expect(requireDocker(environment)).rejects.toThrow(/^Docker Compose 2 was not found\./);
    await fake('docker', 'test "$*" = "compose version"');
    await expect(requireDocker(environment)).resolves.toBeUndefined();
  });

  it('begins nothing then', { timeout: 60_000 }, async () => {
    const docker = await output('infra/local/docker.ts');
    expect(docker).toEqual(['1', expect.stringMatching(/^docker was not found\./)]);
  });
});

test('npm start says so before it begins anything', { timeout: 60_000 }, async () => {
  const said = await output('infra/local/start.ts', '--once');
  expect(said).toEqual(['1', ...(await missingTools(environment))]);
});

/** @returns a program's exit code and the lines that it wrote. */
async function output(...program: readonly string[]): Promise<readonly string[]> {
  const args = ['--import', 'tsx', ...program];
  const all = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { env: environment }, (error, stdout, stderr) => {
      resolve(`${String(error?.code)}\n${stdout}${stderr}`);
    });
  });
  return all.trim().split('\n');
}

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
