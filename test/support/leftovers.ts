import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { runCommand } from '#infra/local/run-command.ts';

/** What a program could leave on the machine outside the ignored and the temporary folders. */
export async function traces(): Promise<readonly string[]> {
  const tracked = await runCommand('git', ['status', '--porcelain', '--ignored']);
  const home = (await readdir(homedir())).map((name) => `~/${name}`);
  return [...tracked.split('\n'), ...home];
}
