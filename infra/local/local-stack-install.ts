import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDynamoDbLocal } from './dynamodb-local.ts';
import { installOnce } from './install.ts';
import { findJava } from './java.ts';
import { localFolder } from './paths.ts';
import type { Progress } from './progress.ts';
import { pythonOf, venvMaker } from './python-packages.ts';
import type { Python } from './python.ts';
import { findPython } from './python.ts';
import { runCommand } from './run-command.ts';

/** What LocalStack is started from; all of it is on the machine. */
export interface LocalStackParts {
  readonly version: string;
  readonly python: string;
  readonly java: string;
  readonly dynamoDbFolder: string;
  /** What LocalStack's file system begins with. */
  readonly filesystem: string;
}

/** Installs what is missing. @throws {@link MissingToolError} Python is not on the machine. */
export async function installLocalStack(progress: Progress): Promise<LocalStackParts> {
  const python = await findPython();
  const [venv, java, dynamoDbFolder] = await Promise.all([
    installVenv(python, progress),
    findJava({ python, progress }),
    installDynamoDbLocal(progress),
  ]);
  return {
    version: python.localStackVersion,
    python: pythonOf(venv),
    java,
    dynamoDbFolder,
    filesystem: filesystemOf(venv),
  };
}

async function installVenv(python: Python, progress: Progress): Promise<string> {
  const version = python.localStackVersion;
  const requirements = fileURLToPath(new URL(`requirements-${version}.txt`, import.meta.url));
  const madeOf = createHash('sha256')
    .update(await readFile(requirements))
    .update(python.executable);
  const folder = path.join(
    localFolder,
    `localstack-${version}-${madeOf.digest('hex').slice(0, 10)}`,
  );
  const makeVenv = venvMaker(python, progress);
  const fill = async (temporary: string) => {
    await makeVenv(temporary, requirements);
    await indexServices(temporary);
  };
  await installOnce({ title: `Install LocalStack ${version}`, folder, fill }, progress);
  return folder;
}

/** LocalStack's index of all of AWS: 5 s of computing, else done again in each new file system. */
async function indexServices(venv: string): Promise<void> {
  const filesystem = filesystemOf(venv);
  await mkdir(path.join(filesystem, 'usr', 'lib', 'localstack'), { recursive: true });
  await runCommand(pythonOf(venv), ['-m', 'localstack.aws.spec'], {
    environment: {
      PATH: process.env['PATH'],
      HOME: venv,
      FILESYSTEM_ROOT: filesystem,
      OVERRIDE_IN_DOCKER: '0',
    },
  });
}

function filesystemOf(venv: string): string {
  return path.join(venv, 'filesystem');
}
