import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of `test/support/` that runs, and the first line that it wrote. */
export interface SpawnedProgram {
  readonly child: ChildProcess;
  readonly firstLine: string;
}

/** Starts a program of `test/support/`. @throws Error it ended before it wrote a line. */
export async function spawnProgram(file: string, ...args: string[]): Promise<SpawnedProgram> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [firstLine] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended at once.`))),
  ])) as [string];
  return { child, firstLine };
}

/** Sends the signal and waits. @returns the exit code, or null if the signal ended it. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exited) as [number | null];
  return code;
}
