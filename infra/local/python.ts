import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { MissingToolError } from './missing-tool-error.ts';
import { runCommand } from './run-command.ts';
import { localStackVersionOf } from './settings.ts';

/** A Python that can run LocalStack. */
export interface Python {
  /** Absolute path of the interpreter itself, not of a shim. */
  readonly executable: string;
  readonly localStackVersion: string;
}

const howToFix =
  'Install Python 3.13 (3.10 to 3.12 run an older LocalStack) with its venv module, or name one in TOKENLINE_PYTHON.';

// ensurepip is what Debian leaves out of python3: without it there are no virtual environments.
const selfPortrait =
  'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2], sys.executable)';

/**
 * The first Python that proves itself by running: `TOKENLINE_PYTHON`, python3.13 on the path or of
 * pyenv (whose shims may refuse), then python3 and the older ones.
 *
 * @throws {@link MissingToolError} none is usable, or the one that was named is not.
 */
export async function findPython(environment: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const named = environment['TOKENLINE_PYTHON'];
  for (const command of named === undefined ? candidates(environment) : [named]) {
    const python = await describePython(command, environment);
    if (python !== undefined) return python;
  }
  throw new MissingToolError(named ?? 'Python 3.10 to 3.13 with venv', howToFix);
}

function candidates(environment: NodeJS.ProcessEnv): string[] {
  const pyenv = path.join(environment['PYENV_ROOT'] ?? path.join(homedir(), '.pyenv'), 'versions');
  const ofPyenv = (version: string) =>
    namesIn(pyenv)
      .filter((name) => name.startsWith(`${version}.`))
      .map((name) => path.join(pyenv, name, 'bin', 'python3'));
  const older = ['3.12', '3.11', '3.10'];
  return [
    'python3.13',
    ...ofPyenv('3.13'),
    'python3',
    ...older.flatMap((version) => [`python${version}`, ...ofPyenv(version)]),
  ];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function describePython(
  command: string,
  environment: NodeJS.ProcessEnv,
): Promise<Python | undefined> {
  const answer = await runCommand(command, ['-c', selfPortrait], {
    environment,
    timeoutMs: 10_000,
  }).catch(() => '');
  const [version = '', ...executable] = answer.split(' ');
  const localStackVersion = localStackVersionOf[version];
  if (localStackVersion === undefined) return undefined;
  return { executable: executable.join(' '), localStackVersion };
}
