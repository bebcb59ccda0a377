import { readdir, readFile } from 'node:fs/promises';
import { runCommand } from './run-command.ts';

interface RunningProcess {
  readonly pid: number;
  /** Its command line, and its environment as far as the system shows it to us. */
  readonly description: string;
}

/**
 * The processes that carry `marker` in their command line or their environment, this one excepted.
 *
 * All that a local AWS starts carries a marker that nobody else has, so a number that the system gave
 * to another process meanwhile is never taken for ours. The environment reaches what a command starts
 * in its turn, e.g. Terraform's providers.
 */
export async function processesMarked(marker: string): Promise<number[]> {
  const processes = process.platform === 'linux' ? await linuxProcesses() : await posixProcesses();
  return processes
    .filter(({ pid, description }) => pid !== process.pid && description.includes(marker))
    .map(({ pid }) => pid);
}

async function linuxProcesses(): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(
    pids.map(async (pid) => {
      const files = ['cmdline', 'environ'].map((name) =>
        readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => ''),
      );
      return { pid, description: (await Promise.all(files)).join('\0') };
    }),
  );
}

async function posixProcesses(): Promise<RunningProcess[]> {
  const lines = (await runCommand('ps', ['-axww', '-E', '-o', 'pid=,command='])).split('\n');
  return lines.map((line) => {
    const [pid = '', ...words] = line.trim().split(' ');
    return { pid: Number(pid), description: words.join(' ') };
  });
}

/** What the system tells of a process by its number. */
interface ProcessFacts {
  readonly parent: number;
  readonly command: string;
  /** When it was started, as the system tells it; with its number it is of that process alone. */
  readonly start: string;
  /** It has ended, and nobody has asked how. */
  readonly isZombie: boolean;
}

/** @returns `undefined` when there is none, or the system does not show it to us. */
export function factsOf(pid: number): Promise<ProcessFacts | undefined> {
  const facts = process.platform === 'linux' ? linuxFacts(pid) : posixFacts(pid);
  return facts.catch(() => undefined);
}

/** Without `ps`, which slim images lack. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function linuxFacts(pid: number): Promise<ProcessFacts> {
  const [stat, commandLine] = await Promise.all(
    ['stat', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
  );
  // Behind the name, which may have anything in it: state, parent, …, the 20th is the start.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return {
    parent: Number(fields[1]),
    command: commandLine?.replaceAll('\0', ' ').trim() ?? '',
    start: fields[19] ?? '',
    isZombie: fields[0] === 'Z',
  };
}

async function posixFacts(pid: number): Promise<ProcessFacts> {
  const columns = ['-o', 'ppid=,state=,lstart=,command='];
  const line = await runCommand('ps', [...columns, '-p', String(pid)], {
    environment: { ...process.env, LC_ALL: 'C' },
  });
  const [parent, state, ...rest] = line.trim().split(/\s+/);
  return {
    parent: Number(parent),
    command: rest.slice(WORDS_OF_LSTART).join(' '),
    start: rest.slice(0, WORDS_OF_LSTART).join(' '),
    isZombie: state?.startsWith('Z') ?? false,
  };
}

/** `Wed Nov 25 15:14:30 2026` */
const WORDS_OF_LSTART = 5;

/**
 * Whether a process still works, be it ours or another user's: a zombie does not, nor one whose
 * number another has got by now.
 *
 * @param start when it was started, of {@link factsOf}; empty if that is not known.
 */
export async function isAlive(pid: number, start: string): Promise<boolean> {
  const facts = await factsOf(pid);
  if (facts === undefined) return exists(pid);
  return !facts.isZombie && (start === '' || start === facts.start);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Sends the signal; a process that has just ended is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
