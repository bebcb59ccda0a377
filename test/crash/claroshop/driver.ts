import type { Driver } from '../flow.ts';
import { ABLATIONS } from './ablations.ts';
import { dynamoDbStores } from './dynamodb-stores.ts';
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
export async function claroshopDriver({ dynamoDbUrl, ablation: name }: Setting): Promise<Driver> {
  const stores = dynamoDbUrl === undefined ? memoryStores() : await dynamoDbStores(dynamoDbUrl);
  const none = (): Ablation => ({});
  const ablationOf = name === undefined ? none : (ALL[name] ?? none);
  return (run) => runOnce({ ...run, ablation: ablationOf(), stores });
}
