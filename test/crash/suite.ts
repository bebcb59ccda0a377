import type { Ablation } from './pipeline.ts';
import { Coverage, type StepCount } from './coverage.ts';
import type { CrashDatabase } from './crash-database.ts';
import type { ViolationKind } from './judge.ts';
import { runOnce } from './run.ts';
import type { Risk } from './verdict.ts';

/** What one run adds to the report. */
export interface RunSummary {
  readonly seed: number;
  readonly isZombie: boolean;
  readonly posts: number;
  readonly risks: readonly Risk[];
  readonly violations: readonly { readonly kind: ViolationKind; readonly text: string }[];
  readonly windowsMs: readonly number[];
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
}

/** One seeded run and what came of it; the trace only if something is wrong, or if it is asked for. */
export async function summarise(
  seed: number,
  { database, ablation = {}, keepTrace = false }: SuiteOptions,
): Promise<RunSummary> {
  const coverage = new Coverage();
  const isZombie = seed % ZOMBIES_EVERY === 0;
  const run = await runOnce({ seed, zombies: isZombie, ablation, database, coverage });
  const { posts, risks, violations, windowsMs, fates, trace } = run;
  return {
    ...{ seed, isZombie, posts, risks, violations, windowsMs },
    steps: Object.fromEntries(coverage.steps),
    messages: fates,
    trace: keepTrace || violations.length > 0 ? trace : [],
  };
}
