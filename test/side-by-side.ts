// `tsx test/side-by-side.ts <script>…`: runs npm scripts at once and fails if one does. What each wrote
// comes in one piece when it ends. Told to end, it tells all of them and waits for them.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import { signalProcess } from '#infra/local/processes.ts';

/** The process group of each script: npm would tell its shell, and the shell nobody. */
const groups = new Set<number>();
let endedBy: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    endedBy = signal;
    for (const group of groups) signalProcess(-group, signal);
  });
}

const scripts = process.argv.slice(2);
const succeeded = await Promise.all(scripts.map(run));
const failed = scripts.filter((_, index) => succeeded[index] !== true);
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
if (endedBy !== undefined) process.exitCode = 128 + constants.signals[endedBy];

async function run(script: string): Promise<boolean> {
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
