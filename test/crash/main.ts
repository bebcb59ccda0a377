import { fork } from 'node:child_process';
import { startLocalPostgres } from '#infra/local/start-local-postgres.ts';
import type { PostgresAddress } from '#infra/local/local-aws.ts';
import { terminalProgress } from '#infra/local/progress.ts';
import { readOptions, USAGE, type Options } from './options.ts';
import { reportToText } from './report-text.ts';
import { Report } from './report.ts';
import type { RunSummary } from './suite.ts';

const PROGRESS_EVERY_MS = 10_000;

/** The crash suite in full, on a Postgres of its own. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.wantsHelp) {
    console.log(USAGE);
    return;
  }
  const postgres = await startLocalPostgres(terminalProgress());
  try {
    const report = await runAll(options, postgres.address);
    console.log(
      options.wantsJson ? JSON.stringify(report.toJson(), null, 2) : reportToText(report),
    );
    process.exitCode = report.failures.length > 0 ? 1 : 0;
  } finally {
    await postgres.stop();
  }
}

async function runAll(options: Options, address: PostgresAddress): Promise<Report> {
  const { seed: firstSeed, runs, ablation, hungry } = options;
  const report = new Report(firstSeed);
  const keepTrace = runs === 1;
  const tell = progressOf(report, runs);
  let next = firstSeed;
  const isFound = () => ablation !== undefined && report.failures.length > 0;
  const takeJob = () =>
    next < firstSeed + runs && !isFound()
      ? { seed: next++, keepTrace, hungry: hungry ?? report.hungry }
      : undefined;
  const onRun = (run: RunSummary) => {
    report.add(run);
    if (keepTrace) console.error(run.trace.join('\n'));
    tell();
  };
  const workers = Array.from({ length: Math.min(options.workers, runs) }, () =>
    work({ address, ablation }, { takeJob, onRun }),
  );
  await Promise.all(workers);
  return report;
}

function progressOf(report: Report, runs: number): () => void {
  const beganMs = performance.now();
  let toldMs = beganMs;
  return () => {
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
    toldMs = nowMs;
    const leftSeconds = ((nowMs - beganMs) / report.runs / 1_000) * (runs - report.runs);
    console.error(
      `${report.runs} of ${runs} runs, ${report.failures.length} failed, ` +
        `about ${Math.ceil(leftSeconds / 60)} min left`,
    );
  };
}

interface Work {
  readonly takeJob: () => object | undefined;
  readonly onRun: (run: RunSummary) => void;
}

/** One worker process, until there are no more seeds. */
function work(setting: object, { takeJob, onRun }: Work): Promise<void> {
  const child = fork(new URL('./worker.ts', import.meta.url));
  const handOut = () => {
    const job = takeJob();
    if (job === undefined) child.disconnect();
    else child.send(job);
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
