// `tsx test/whole-run.ts <check>… -- <arguments of vitest>`: all that `npm test` does. While the checks
// compute, the local AWS starts and takes the stack, and vitest runs the tests that need it: these wait
// more than they compute. Told to end, all of it ends.
import { spawn } from 'node:child_process';
import { terminalProgress } from '#infra/local/progress.ts';
import { useLocalAws } from '#infra/local/start-local-aws.ts';
import { onTermination } from '#infra/local/termination.ts';
import { deployOnce, TEST_RUN } from './support/deploy-once.ts';
import { runSideBySide, signalScripts } from './support/npm-scripts.ts';

const [checks, vitestArguments] = splitAt(process.argv.slice(2), '--');
process.env[TEST_RUN] = String(process.pid);
onTermination(async () => {
  signalScripts('SIGTERM');
  await running;
});
const running = runSideBySide(checks);
process.exitCode = await testAll().catch(async (error: unknown) => {
  await running;
  console.error(error instanceof Error ? error.message : error);
  return 1;
});

/** @returns the exit code. */
async function testAll(): Promise<number> {
  const progress = terminalProgress();
  const { localAws, stop } = await useLocalAws(progress);
  try {
    await deployOnce(localAws, progress);
    const [code, failed] = await Promise.all([vitest(vitestArguments), running]);
    if (failed.length > 0) throw new Error(`Failed: ${failed.join(', ')}`);
    return code;
  } finally {
    await stop();
  }
}

/** @returns the exit code. A signal to us reaches it, too, and it is waited for. */
async function vitest(options: readonly string[]): Promise<number> {
  const cli = ['node_modules/vitest/vitest.mjs', 'run', ...options];
  const child = spawn(process.execPath, cli, { stdio: 'inherit' });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const stopListening = onTermination(async () => {
    child.kill();
    await ended;
  });
  const code = await ended;
  stopListening();
  return code ?? 1;
}

function splitAt(
  texts: readonly string[],
  separator: string,
): readonly [readonly string[], readonly string[]] {
  const at = texts.indexOf(separator);
  return [texts.slice(0, at), texts.slice(at + 1)];
}
