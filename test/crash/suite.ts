import { Coverage, type StepCount } from './coverage.ts';
import type { Driver, RunResult } from './flow.ts';

/** What one run adds to the report. */
export interface RunSummary extends RunResult {
  readonly seed: number;
  readonly isZombie: boolean;
  /** What the seed alone does not say: the steps at which this run was likelier to stop. */
  readonly hungry: readonly string[];
  readonly steps: Readonly<Record<string, StepCount>>;
}

/** Every tenth run also pauses processes beyond their leases; its losses have a name of their own. */
const ZOMBIES_EVERY = 10;

export interface HowToRun {
  readonly keepTrace?: boolean;
  readonly hungry?: readonly string[];
}

/** One seeded run and what came of it; the trace only if something is wrong, or if it is asked for. */
export async function summariseRun(
  seed: number,
  drive: Driver,
  { keepTrace = false, hungry = [] }: HowToRun,
): Promise<RunSummary> {
  const coverage = new Coverage(hungry);
  const isZombie = seed % ZOMBIES_EVERY === 0;
  const { trace, ...run } = await drive({ seed, zombies: isZombie, coverage });
  return {
    ...run,
    ...{ seed, isZombie, hungry },
    steps: Object.fromEntries(coverage.steps),
    trace: keepTrace || run.violations.length > 0 ? trace : [],
  };
}
