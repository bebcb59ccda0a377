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

/** When a process was started, as the system tells it; with its number it is of that process alone. */
export async function startOf(pid: number): Promise<string> {
  return runCommand('ps', ['-o', 'lstart=', '-p', String(pid)], {
    environment: { ...process.env, LC_ALL: 'C' },
  }).catch(() => '');
}

/** Whether the process exists, be it ours or another user's. */
export function isAlive(pid: number): boolean {
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
