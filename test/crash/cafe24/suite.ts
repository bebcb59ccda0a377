import { summariseRun, type HowToRun, type RunSummary } from '../suite.ts';
import type { CrashDatabase } from './crash-database.ts';
import type { Ablation } from './ablation.ts';
import { runOnce } from './run.ts';

export interface SuiteOptions extends HowToRun {
  readonly database: CrashDatabase;
  readonly ablation?: Ablation;
}

/** One seeded run of the Cafe24 functions. */
export function summarise(
  seed: number,
  { database, ablation = {}, ...how }: SuiteOptions,
): Promise<RunSummary> {
  return summariseRun(seed, (run) => runOnce({ ...run, ablation, database }), how);
}
