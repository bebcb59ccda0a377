import { fork } from 'node:child_process';
import type { Options } from './options.ts';
import { failureLine } from './report-text.ts';
import type { Report } from './report.ts';
import type { RunSummary } from './suite.ts';
import type { Job, Setting } from './worker.ts';

const PROGRESS_EVERY_MS = 10_000;

interface Running {
  readonly setting: Setting;
  readonly report: Report;
  /** No further run begins. */
  readonly isDone: () => boolean;
}

/** Runs the seeds of one flow side by side, each worker one after another, into the report. */
export async function runAll(
  options: Pick<Options, 'seed' | 'runs' | 'minutes' | 'workers' | 'hungry'>,
  { setting, report, isDone }: Running,
): Promise<void> {
  const { seed: firstSeed, runs, minutes, hungry } = options;
  const keepTrace = runs === 1;
  const tell = progressOf(report, runs);
  let next = firstSeed;
  const endMs = performance.now() + minutes * 60_000;
  const takeJob = (): Job | undefined =>
    next < firstSeed + runs && !isDone() && performance.now() < endMs
      ? { seed: next++, keepTrace, hungry: [...(hungry ?? report.hungry)] }
      : undefined;
  const onRun = (run: RunSummary) => {
    report.add(run);
    // At once: a run of an hour may be stopped before it comes to its report.
    if (run.violations.length > 0) console.error(failureLine(run, report.flow));
    if (keepTrace) console.error(run.trace.join('\n'));
    tell();
  };
  const workers = Array.from({ length: Math.min(options.workers, runs) }, () =>
    work(setting, { takeJob, onRun }),
  );
  await Promise.all(workers);
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
      `${report.flow.name}: ${report.runs} of ${runs} runs, ${report.failures.length} failed, ` +
        `about ${Math.ceil(leftSeconds / 60)} min left`,
    );
  };
}

interface Work {
  readonly takeJob: () => Job | undefined;
  readonly onRun: (run: RunSummary) => void;
}

/** One worker process, until there are no more seeds. */
function work(setting: Setting, { takeJob, onRun }: Work): Promise<void> {
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
