// `tsx test/side-by-side.ts <script>…`: runs npm scripts at once and fails if one does. What each wrote
// comes in one piece when it ends.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

const scripts = process.argv.slice(2);
const succeeded = await Promise.all(scripts.map(run));
const failed = scripts.filter((_, index) => succeeded[index] !== true);
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

async function run(script: string): Promise<boolean> {
  const beganMs = performance.now();
  // A shell of its own joins both outputs as they come.
  const child = spawn('sh', ['-c', 'npm run --silent "$0" 2>&1', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const output = await text(child.stdout);
  const succeeds = (await ended) === 0;
  const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
  console.log(`${output.trimEnd()}\n${succeeds ? '✔' : '✘'} ${script} (${seconds} s)\n`);
  return succeeds;
}
