import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { providerEnvironment } from '#infra/local/terraform.ts';

const PLATFORM = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tokenline-plugins-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function addProvider(version: string, platform = PLATFORM): Promise<void> {
  const aws = path.join(folder, 'registry.terraform.io', 'hashicorp', 'aws');
  await mkdir(path.join(aws, version, platform), { recursive: true });
}

test('the newest AWS provider of a plugin folder is used, and no other source', async () => {
  await addProvider('5.99.1');
  await addProvider('5.100.0');
  await addProvider('6.0.0', 'solaris_sparc');

  const environment = await providerEnvironment({ TF_PLUGIN_DIR: folder });

  expect(environment).toMatchObject({
    AWS_PROVIDER_VERSION: '5.100.0',
    TF_CLI_ARGS_init: `-plugin-dir=${folder}`,
  });
  expect(await readFile(environment['TF_CLI_CONFIG_FILE']!, 'utf8')).toBe('');
});

test('a folder that is named but has no provider for this machine is an error', async () => {
  await addProvider('6.0.0', 'solaris_sparc');

  await expect(providerEnvironment({ TF_PLUGIN_DIR: folder })).rejects.toThrow(
    `registry.terraform.io/hashicorp/aws/<version>/${PLATFORM}`,
  );
});
