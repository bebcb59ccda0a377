import type { Ablation } from './pipeline.ts';
import { Coverage, type StepCount } from './coverage.ts';
import type { CrashDatabase } from './crash-database.ts';
import { runOnce } from './run.ts';
import type { Risk } from './verdict.ts';
import type { Violation } from './violations.ts';
import type { UnsavedWindow } from './windows.ts';

/** What one run adds to the report. */
export interface RunSummary {
  readonly seed: number;
  readonly isZombie: boolean;
  /** What the seed alone does not say: the steps at which this run was likelier to stop. */
  readonly hungry: readonly string[];
  readonly posts: number;
  readonly risks: readonly Risk[];
  readonly violations: readonly Violation[];
  readonly windows: readonly UnsavedWindow[];
  readonly steps: Readonly<Record<string, StepCount>>;
  readonly messages: Readonly<Record<'acknowledged' | 'retried' | 'rejected', number>>;
  readonly trace: readonly string[];
}

/** Every tenth run also pauses processes beyond their leases; its losses have a name of their own. */
const ZOMBIES_EVERY = 10;

export interface SuiteOptions {
  readonly database: CrashDatabase;
  readonly ablation?: Ablation;
  readonly keepTrace?: boolean;
  readonly hungry?: readonly string[];
}

/** One seeded run and what came of it; the trace only if something is wrong, or if it is asked for. */
export async function summarise(
  seed: number,
  { database, ablation = {}, keepTrace = false, hungry = [] }: SuiteOptions,
): Promise<RunSummary> {
  const coverage = new Coverage(hungry);
  const isZombie = seed % ZOMBIES_EVERY === 0;
  const run = await runOnce({ seed, zombies: isZombie, ablation, database, coverage });
  const { posts, risks, violations, windows, fates, trace } = run;
  return {
    ...{ seed, isZombie, hungry, posts, risks, violations, windows },
    steps: Object.fromEntries(coverage.steps),
    messages: fates,
    trace: keepTrace || violations.length > 0 ? trace : [],
  };
}
