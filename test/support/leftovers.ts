import { lstat, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { runCommand } from '#infra/local/run-command.ts';

/** Where cdktf and Terraform write, unless they are told otherwise. */
const OF_THE_TOOLS = ['.cdktf', '.terraform.d'].map((name) => path.join(homedir(), name));

/** What a program could leave on the machine outside the ignored and the temporary folders. */
export async function traces(): Promise<readonly string[]> {
  const status = await runCommand('git', ['status', '--porcelain', '--ignored']);
  // Other tests, which run at the same time, build into that one.
  const tracked = status.split('\n').filter((line) => line !== '!! build/');
  return [...tracked, ...(await tracesAtHome())];
}

/** All that lies in the tools' folders, each with when it was written: an old file may be as well. */
export async function tracesAtHome(folders = OF_THE_TOOLS): Promise<readonly string[]> {
  const traces = folders.map(async (folder) => {
    const within = await readdir(folder, { recursive: true }).catch(() => undefined);
    const files = within === undefined ? [] : ['', ...within].map((it) => path.join(folder, it));
    return Promise.all(files.map(async (file) => `${file} ${await writtenAt(file)}`));
  });
  return (await Promise.all(traces)).flat().sort();
}

async function writtenAt(file: string): Promise<string> {
  const stats = await lstat(file).catch(() => undefined);
  return stats?.mtime.toISOString() ?? 'gone';
}
