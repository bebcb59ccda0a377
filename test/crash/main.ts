import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startLocalPostgres } from '#infra/local/start-local-postgres.ts';
import type { PostgresAddress } from '#infra/local/local-aws.ts';
import { terminalProgress } from '#infra/local/progress.ts';
import { Report } from './report.ts';
import type { RunSummary } from './suite.ts';

const PROGRESS_EVERY_MS = 10_000;

interface Options {
  readonly seed: number;
  readonly runs: number;
  readonly workers: number;
  readonly ablation: string | undefined;
}

/**
 * `npm run test:crash -- --seed S --runs N [--workers W] [--json]`: the crash suite in full, on a
 * Postgres of its own. Exit code 1 when any invariant was violated.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      runs: { type: 'string', default: '10000' },
      workers: { type: 'string', default: String(availableParallelism()) },
      /** Takes out a rule of the protocol, by its name in ablations.ts; stops at the first violation. */
      ablation: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const options = {
    seed: Number(values.seed),
    runs: Number(values.runs),
    workers: Number(values.workers),
    ablation: values.ablation,
  };
  const postgres = await startLocalPostgres(terminalProgress());
  try {
    const report = await runAll(options, postgres.address);
    console.log(values.json ? JSON.stringify(report.toJson(), null, 2) : report.toText());
    process.exitCode = report.failures.length > 0 ? 1 : 0;
  } finally {
    await postgres.stop();
  }
}

async function runAll(options: Options, address: PostgresAddress): Promise<Report> {
  const { seed: firstSeed, runs, ablation } = options;
  const report = new Report(firstSeed);
  const keepTrace = runs === 1;
  const beganMs = performance.now();
  let next = firstSeed;
  let toldMs = beganMs;
  const isFound = () => ablation !== undefined && report.failures.length > 0;
  const takeSeed = () => (next < firstSeed + runs && !isFound() ? next++ : undefined);
  const onRun = (run: RunSummary) => {
    report.add(run);
    if (keepTrace) console.error(run.trace.join('\n'));
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
    toldMs = nowMs;
    const leftSeconds = ((nowMs - beganMs) / report.runs / 1_000) * (runs - report.runs);
    console.error(
      `${report.runs} of ${runs} runs, ${report.failures.length} failed, ` +
        `about ${Math.ceil(leftSeconds / 60)} min left`,
    );
  };
  const workers = Array.from({ length: Math.min(options.workers, runs) }, () =>
    work({ address, ablation }, { takeSeed, keepTrace, onRun }),
  );
  await Promise.all(workers);
  return report;
}

interface Work {
  readonly takeSeed: () => number | undefined;
  readonly keepTrace: boolean;
  readonly onRun: (run: RunSummary) => void;
}

/** One worker process, until there are no more seeds. */
function work(setting: object, { takeSeed, keepTrace, onRun }: Work): Promise<void> {
  const child = fork(new URL('./worker.ts', import.meta.url));
  const handOut = () => {
    const seed = takeSeed();
    if (seed === undefined) child.disconnect();
    else child.send({ seed, keepTrace });
  };
  child.send(setting);
  handOut();
  return new Promise((resolve, reject) => {
    child.on('message', (run: RunSummary) => {
      onRun(run);
      handOut();
    });
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`A worker of the crash suite ended with ${String(code)}.`));
    });
  });
}

await main();
