import { summariseRun, type HowToRun, type RunSummary } from '../suite.ts';
import type { Ablation } from './pipeline.ts';
import { runOnce } from './run.ts';
import { memoryStores, type CrashStores } from './stores.ts';

export interface SuiteOptions extends HowToRun {
  readonly stores?: CrashStores;
  readonly ablation?: Ablation;
}

/** One seeded run of the ClaroShop functions, on stores in memory unless told otherwise. */
export function summarise(
  seed: number,
  { stores = memoryStores(), ablation = {}, ...how }: SuiteOptions = {},
): Promise<RunSummary> {
  return summariseRun(seed, (run) => runOnce({ ...run, ablation, stores }), how);
}
