import type { PostgresAddress } from '#infra/local/local-aws.ts';
import type { Driver } from '../flow.ts';
import { ABLATIONS, type AblationName } from './ablations.ts';
import { createCrashDatabase } from './crash-database.ts';
import { FAULTS } from './faults.ts';
import type { Ablation } from './ablation.ts';
import { runOnce } from './run.ts';

export const CAFE24_ABLATIONS: readonly string[] = [
  ...Object.keys(ABLATIONS),
  ...Object.keys(FAULTS),
];

interface Setting {
  readonly address: PostgresAddress;
  readonly ablation?: string | undefined;
}

/** Runs one after another on a database of its own. */
export async function cafe24Driver({ address, ablation: name }: Setting): Promise<Driver> {
  const ablation = name === undefined ? {} : ablationOf(name);
  const database = await createCrashDatabase(address, ablation.sql);
  return (run) => runOnce({ ...run, ablation, database });
}

function ablationOf(name: string): Ablation {
  return FAULTS[name] ?? ABLATIONS[name as AblationName]();
}
