import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { MissingToolError } from './missing-tool-error.ts';
import { localFolder } from './paths.ts';
import { runCommand } from './run-command.ts';

const AWS_PROVIDER = path.join('registry.terraform.io', 'hashicorp', 'aws');

/** Folders under which machines without access to Terraform's registry keep its plugins. */
const SHARED_SOFTWARE = ['/opt', '/usr/local/share', '/usr/share', '/usr/local/lib', '/usr/lib'];

/** A folder that stands in for Terraform's registry, and what it has of the AWS provider. */
interface PluginFolder {
  readonly folder: string;
  readonly version: string;
}

/** The state of the other stages is locked in S3 itself, which is new in 1.10. */
const LEAST_MINOR = 10;
const HOW_TO_GET = 'https://developer.hashicorp.com/terraform/install';

/** @throws {@link MissingToolError} Terraform is not on the path, or is too old. */
export async function requireTerraform(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const needed = `Terraform 1.${LEAST_MINOR} or newer`;
  const answer = await runCommand('terraform', ['version'], {
    environment: { ...environment, CHECKPOINT_DISABLE: '1' },
  }).catch(() => {
    throw new MissingToolError('terraform', `Install ${needed}: ${HOW_TO_GET}`);
  });
  const [, version = 'no version', major, minor] = /v((\d+)\.(\d+)\S*)/.exec(answer) ?? [];
  if (Number(major) > 1 || (Number(major) === 1 && Number(minor) >= LEAST_MINOR)) return;
  throw new MissingToolError(
    needed,
    `terraform says ${version}. Install a newer one: ${HOW_TO_GET}`,
  );
}

/**
 * What Terraform must be told in order to find the AWS provider: the folder of `TF_PLUGIN_DIR`, or
 * one in the usual places for shared software; without either, its registry, with a cache of ours, or
 * the mirror of it that the user's `~/.terraformrc` names, e.g. a company's.
 */
export async function providerEnvironment(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Readonly<Record<string, string>>> {
  const plugins = findPluginFolder(environment);
  if (!plugins) {
    const cache = path.join(localFolder, 'terraform-plugins');
    await mkdir(cache, { recursive: true });
    return { TF_PLUGIN_CACHE_DIR: cache, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: '1' };
  }
  // A configuration file that is not there is an error; one of the user could name a mirror,
  // which would forbid the folder.
  const emptyConfiguration = path.join(localFolder, 'terraform.rc');
  await mkdir(localFolder, { recursive: true });
  await writeFile(emptyConfiguration, '');
  return {
    AWS_PROVIDER_VERSION: plugins.version,
    TF_CLI_ARGS_init: `-plugin-dir=${plugins.folder}`,
    TF_CLI_CONFIG_FILE: emptyConfiguration,
  };
}

function findPluginFolder(environment: NodeJS.ProcessEnv): PluginFolder | undefined {
  const named = environment['TF_PLUGIN_DIR'];
  const candidates = named
    ? [named]
    : [path.join(homedir(), '.terraform.d', 'plugins'), ...SHARED_SOFTWARE.flatMap(childrenOf)];
  for (const folder of candidates) {
    const version = providerVersions(folder).at(-1);
    if (version) return { folder, version };
  }
  if (named) {
    throw new MissingToolError(
      `The AWS provider for ${platform()} in TF_PLUGIN_DIR`,
      `Expected ${path.join(AWS_PROVIDER, '<version>', platform())} in it.`,
    );
  }
  return undefined;
}

/** Versions of the AWS provider in a plugin folder that run here, the newest last. */
function providerVersions(folder: string): string[] {
  return childrenOf(path.join(folder, AWS_PROVIDER))
    .filter((version) => existsSync(path.join(version, platform())))
    .map((version) => path.basename(version))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

function childrenOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/** As Terraform names it, e.g. `linux_amd64`. */
function platform(): string {
  return `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
}
