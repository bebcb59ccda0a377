import { readdir, readFile } from 'node:fs/promises';
import { runCommand } from './run-command.ts';

/** A process and the command line that it was started with, arguments divided by spaces. */
interface RunningProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/**
 * The processes that carry `marker` in their command line, this one excepted.
 *
 * All that a local AWS starts carries a marker that nobody else's command line has, so a number that
 * the system gave to another process meanwhile is never taken for ours.
 */
export async function processesMarked(marker: string): Promise<number[]> {
  const processes = process.platform === 'linux' ? await linuxProcesses() : await posixProcesses();
  return processes
    .filter(({ pid, commandLine }) => pid !== process.pid && commandLine.includes(marker))
    .map(({ pid }) => pid);
}

async function linuxProcesses(): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(
    pids.map(async (pid) => {
      const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { pid, commandLine: words.replaceAll('\0', ' ') };
    }),
  );
}

async function posixProcesses(): Promise<RunningProcess[]> {
  const lines = (await runCommand('ps', ['-axww', '-o', 'pid=,command='])).split('\n');
  return lines.map((line) => {
    const [pid = '', ...words] = line.trim().split(' ');
    return { pid: Number(pid), commandLine: words.join(' ') };
  });
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
