import type { Driver } from '../flow.ts';
import { ABLATIONS } from './ablations.ts';
import { FAULTS } from './faults.ts';
import type { Ablation } from './pipeline.ts';
import { runOnce } from './run.ts';
import { memoryStores } from './stores.ts';

const ALL: Readonly<Record<string, () => Ablation>> = { ...ABLATIONS, ...FAULTS };

export const CLAROSHOP_ABLATIONS: readonly string[] = Object.keys(ALL);

interface Setting {
  readonly dynamoDbUrl?: string | undefined;
  readonly ablation?: string | undefined;
}

/** Runs one after another, on stores in memory or on those of a DynamoDB Local. */
export function claroshopDriver({ ablation: name }: Setting): Promise<Driver> {
  const ablationOf = name === undefined ? () => ({}) : (ALL[name] ?? (() => ({})));
  const stores = memoryStores();
  return Promise.resolve((run) => runOnce({ ...run, ablation: ablationOf(), stores }));
}
