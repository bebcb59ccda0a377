import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { stateFolders } from '#infra/local/cdktf.ts';
import { deployLocally } from '#infra/local/deploy.ts';
import { quietProgress } from '#infra/local/progress.ts';
import { DEV_ENVIRONMENT } from '#test/support/synthesized-stack.ts';

const localAws = inject('localAws');
const stateFolder = path.join(stateFolders, localAws.instanceId);

/** What Terraform remembers of the stack. */
function terraformState(): Promise<string> {
  return readFile(path.join(stateFolder, 'cdktf.out', 'terraform.tfstate'), 'utf8');
}

test('a second deploy has nothing to change and tells the same', async () => {
  const before = await terraformState();

  expect(await deployLocally(localAws, quietProgress)).toEqual(inject('stack'));
  expect(await readFile(path.join(stateFolder, 'deploy.log'), 'utf8')).toContain(
    'No changes. Your infrastructure matches the configuration.',
  );
  expect(await terraformState()).toBe(before);
});

/** A network namespace without any interface, where the system lets us make one. */
const canIsolate = spawnSync('unshare', ['-rn', 'true']).status === 0;

test(`cdktf synth needs no network (${canIsolate ? 'unshare -rn' : 'proxies lead nowhere'})`, async () => {
  const output = await mkdtemp(path.join(tmpdir(), 'tokenline-synth-'));
  const nowhere = 'http://127.0.0.1:1';
  try {
    const cli = path.join('node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
    const synth = [cli, 'synth', '--output', output];
    const [command, args] = canIsolate
      ? ['unshare', ['-rn', process.execPath, ...synth]]
      : [process.execPath, synth];
    const { stdout } = await promisify(execFile)(command, args, {
      env: { ...process.env, ...DEV_ENVIRONMENT, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere },
    });

    expect(stdout).toContain('Generated Terraform code for the stacks: tokenline-dev');
  } finally {
    await rm(output, { recursive: true });
  }
});
