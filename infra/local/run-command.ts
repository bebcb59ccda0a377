import { spawn } from 'node:child_process';
import { cleanEnvironment } from './clean-environment.ts';
import { markedEnvironment } from './markers.ts';

/** What a command is run with. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Whom it runs as; without it, as we do. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * Runs a command to its end, in a clean shell; it is ended when this process ends before.
 *
 * @returns what it wrote to standard output and standard error, trimmed.
 * @throws Error it could not be started, ended with another code than 0, or took too long; the text
 *   has the end of what it wrote.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, environment = process.env, timeoutMs = 0, user }: CommandOptions = {},
): Promise<string> {
  const child = spawn(command, args, {
    cwd,
    env: markedEnvironment(cleanEnvironment(environment)),
    timeout: timeoutMs,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let output = '';
  const keep = (chunk: string) => {
    output += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const end = () => child.kill();
  process.once('exit', end);
  try {
    const code = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => {
        resolve(exitCode ?? signal);
      });
    });
    if (code === 0) return output.trim();
    const tail = output.trim().split('\n').slice(-15).join('\n');
    throw new Error(`${command} ${args[0] ?? ''} ended with ${code ?? 'nothing'}\n${tail}`);
  } finally {
    process.off('exit', end);
  }
}
