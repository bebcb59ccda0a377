import type { Driver } from '../flow.ts';
import type { Ablation } from './pipeline.ts';
import { runOnce } from './run.ts';
import { memoryStores } from './stores.ts';

const ALL: Readonly<Record<string, Ablation>> = {};

export const CLAROSHOP_ABLATIONS: readonly string[] = Object.keys(ALL);

interface Setting {
  readonly dynamoDbUrl?: string | undefined;
  readonly ablation?: string | undefined;
}

/** Runs one after another, on stores in memory or on those of a DynamoDB Local. */
export function claroshopDriver({ ablation: name }: Setting): Promise<Driver> {
  const ablation = name === undefined ? {} : (ALL[name] ?? {});
  const stores = memoryStores();
  return Promise.resolve((run) => runOnce({ ...run, ablation, stores }));
}
