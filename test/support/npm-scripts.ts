import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { signalProcess } from '#infra/local/processes.ts';

/** The process group of each script: npm would tell its shell, and the shell nobody. */
const groups = new Set<number>();

/** Tells all scripts that run to end. */
export function signalScripts(signal: NodeJS.Signals): void {
  for (const group of groups) signalProcess(-group, signal);
}

/**
 * Runs npm scripts at once and waits for all of them. What each wrote comes in one piece when it ends.
 *
 * @returns those that failed.
 */
export async function runSideBySide(scripts: readonly string[]): Promise<readonly string[]> {
  const succeeded = await Promise.all(scripts.map(runQuietly));
  return scripts.filter((_, index) => succeeded[index] !== true);
}

async function runQuietly(script: string): Promise<boolean> {
  const beganMs = performance.now();
  console.log(`▶ ${script}`);
  // A shell of its own joins both outputs as they come.
  const child = spawn('sh', ['-c', 'npm run --silent "$0" 2>&1', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const { pid: group } = child;
  if (group !== undefined) groups.add(group);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const output = await text(child.stdout);
  const succeeds = (await ended) === 0;
  if (group !== undefined) groups.delete(group);
  const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
  console.log(`${output.trimEnd()}\n${succeeds ? '✔' : '✘'} ${script} (${seconds} s)\n`);
  return succeeds;
}
