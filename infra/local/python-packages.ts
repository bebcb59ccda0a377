import path from 'node:path';
import { installOnce } from './install.ts';
import { localFolder } from './paths.ts';
import type { Progress } from './progress.ts';
import type { Python } from './python.ts';
import { runCommand } from './run-command.ts';
import { uvVersion } from './settings.ts';

/** Makes a virtual environment in `folder` with exactly what the requirements file pins. */
export type VenvMaker = (folder: string, requirementsFile: string) => Promise<void>;

/**
 * The fastest way to fill a virtual environment here: uv, the one on the path or one that is
 * installed from PyPI; pip when uv can't (it does not read pip's configuration, e.g. of a mirror).
 */
export function venvMaker(python: Python, progress: Progress): VenvMaker {
  return async (folder, requirementsFile) => {
    try {
      const uv = await findUv(python, progress);
      await runCommand(uv, ['venv', '--quiet', '--clear', '--python', python.executable, folder]);
      const target = ['--python', pythonOf(folder), '--requirements', requirementsFile];
      await runCommand(uv, ['pip', 'install', '--quiet', '--no-deps', ...target]);
    } catch {
      await runCommand(python.executable, ['-m', 'venv', '--clear', folder]);
      await pipInstall(pythonOf(folder), ['--no-deps', '--requirement', requirementsFile]);
    }
  };
}

/** The interpreter of a virtual environment. */
export function pythonOf(venvFolder: string): string {
  return path.join(venvFolder, 'bin', 'python');
}

/** @param what pip's own arguments. What is imported is compiled then, so pip needn't compile all. */
export async function pipInstall(python: string, what: readonly string[]): Promise<void> {
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-compile'];
  await runCommand(python, ['-m', 'pip', 'install', ...quietly, ...what]);
}

async function findUv(python: Python, progress: Progress): Promise<string> {
  const onPath = await runCommand('uv', ['--version']).catch(() => undefined);
  if (onPath !== undefined) return 'uv';
  const folder = path.join(localFolder, `uv-${uvVersion}`);
  const fill = async (temporary: string) => {
    await pipInstall(python.executable, ['--target', temporary, `uv==${uvVersion}`]);
  };
  await installOnce({ title: `Install uv ${uvVersion}`, folder, fill }, progress);
  return path.join(folder, 'bin', 'uv');
}
