import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '#infra/local/eventually.ts';
import { installLocalStack } from '#infra/local/local-stack-install.ts';
import { isListening } from '#infra/local/ports.ts';
import { processesMarked, signalProcess } from '#infra/local/processes.ts';
import { quietProgress } from '#infra/local/progress.ts';
import { findRunningLocalAws } from '#infra/local/start-local-aws.ts';
import { onTermination } from '#infra/local/termination.ts';
import { type CopiedProject, copyProject, linkInstallations } from './copied-project.ts';
import { tracesAtHome } from './leftovers.ts';

/** All that `npm start` reads. */
const PARTS = ['functions', 'events', 'client', 'infra', 'test', 'package.json', 'cdktf.json'];

/** A project of its own in which `npm start` is run, with a temporary folder of its own. */
export interface StartedProject extends CopiedProject {
  /** Where others find the local AWS that runs. */
  readonly stateFolder: string;
  readonly temporary: string;
  npmStart(args: readonly string[], surroundings?: Surroundings): NpmStart;
  /** Of all that was started, however deep. */
  processes(): Promise<readonly number[]>;
  /** In the project (but what git ignores), in the tools' folders at home, and of ours in `temporary`. */
  traces(): Promise<readonly string[]>;
}

/** What else it is run in. */
interface Surroundings {
  /** A command that runs the one behind it. */
  readonly through?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** `npm start` as in a terminal: with all that it starts in the foreground, a process group. */
export interface NpmStart {
  readonly pid: number;
  /** Of it and of what it runs, so far. */
  output(): string;
  /** Waits until it has written that. @throws Error it did not in time, or ended before. */
  says(text: string, withinMs?: number): Promise<true>;
  /** Ctrl-C sends SIGINT to all of the foreground. */
  signalAll(signal: NodeJS.Signals): void;
  /** The exit code once it has ended; null if a signal ended it. */
  readonly ended: Promise<number | null>;
}

const IGNORED = new Set(['.local', 'build', 'node_modules']);
const DEPLOYED_WITHIN_MS = 240_000;

export async function startedProject(): Promise<StartedProject> {
  const project = await copyProject(PARTS);
  // Where the local AWS that the tests use runs in containers, nobody has installed it yet.
  await installLocalStack(quietProgress);
  await linkInstallations(project);
  const temporary = await mkdtemp(path.join(tmpdir(), 'tokenline-temporary-'));
  // Postgres does not run as root: another user passes through it then.
  await chmod(temporary, 0o711);
  const processes = () => processesMarked(temporary);
  return {
    ...project,
    stateFolder: path.join(project.folder, '.local'),
    temporary,
    npmStart: (args, { through = [], environment = {} } = {}) =>
      runInForeground([...through, ...npm(), 'start', '--', ...args], {
        cwd: project.folder,
        env: { ...process.env, TMPDIR: temporary, ...environment },
      }),
    processes,
    async traces() {
      const own = await filesOf(project.folder);
      // Others keep there what is theirs: tsx and Node what they compiled, a killed Terraform a socket.
      const kept = (await readdir(temporary)).filter((it) => it.startsWith('tokenline-'));
      return [...own, ...kept, ...(await tracesAtHome())];
    },
    async remove() {
      for (const pid of await processes()) signalProcess(pid, 'SIGKILL');
      await Promise.all([project.remove(), rm(temporary, { recursive: true })]);
    },
  };
}

/** But those of folders that git ignores. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((it) => !IGNORED.has(it));
  const files = names.map(async (name) => {
    const within = await readdir(path.join(folder, name), { recursive: true }).catch(() => []);
    return [name, ...within.map((it) => path.join(name, it))];
  });
  return (await Promise.all(files)).flat().sort();
}

/** The npm that runs us, itself: what is on the path may be a shim, whose number is another's. */
function npm(): readonly string[] {
  const cli = process.env['npm_execpath'];
  return cli?.endsWith('npm-cli.js') === true ? [process.execPath, cli] : ['npm'];
}

function runInForeground(
  [command = '', ...args]: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env'>,
): NpmStart {
  const child = spawn(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const pid = child.pid!;
  const forget = killWithUs(pid);
  const ended = once(child, 'close').then(([code]) => {
    forget();
    return code as number | null;
  });
  return {
    pid,
    output: () => output,
    says: (text, withinMs = DEPLOYED_WITHIN_MS) => {
      const said = eventually(
        () => Promise.resolve(output.includes(text) || undefined),
        `npm start that says ${text}`,
        withinMs,
      );
      const early = ended.then((code) => {
        if (output.includes(text)) return true as const;
        throw new Error(`npm start ended with ${code ?? 'a signal'}:\n${output}`);
      });
      return Promise.race([said, early]);
    },
    signalAll: (signal) => process.kill(-pid, signal),
    ended,
  };
}

/** A group of its own would outlive tests that are ended. @returns what takes it back. */
function killWithUs(group: number): () => void {
  const kill = () => {
    signalProcess(-group, 'SIGKILL');
  };
  process.once('exit', kill);
  const stopListening = onTermination(() => {
    kill();
    return Promise.resolve();
  });
  return () => {
    process.off('exit', kill);
    stopListening();
  };
}

/** Waits until Terraform is at it. */
export function inTheMiddleOfTheDeploy({ stateFolder }: StartedProject): Promise<true> {
  const states = path.join(stateFolder, 'state');
  return eventually(
    async () => {
      const [instance = ''] = await readdir(states);
      const log = await readFile(path.join(states, instance, 'deploy.log'), 'utf8');
      return log.includes(': Creating...') || undefined;
    },
    'the middle of the deploy',
    DEPLOYED_WITHIN_MS,
  );
}

/** Those of the local AWS that runs. */
export async function portsOf({ stateFolder }: StartedProject): Promise<readonly number[]> {
  const { endpointUrl, postgres, cafe24, claroshop } = (await findRunningLocalAws(stateFolder))!;
  const urls = [endpointUrl, cafe24.controlUrl, claroshop.controlUrl];
  return [...urls.map((url) => Number(new URL(url).port)), postgres.port];
}

/** Of these ports. */
export async function listening(ports: readonly number[]): Promise<readonly number[]> {
  const listens = await Promise.all(ports.map(isListening));
  return ports.filter((_, index) => listens[index]);
}
