import { describe, expect, inject, it } from 'vitest';
import { ABLATIONS, type AblationName, type RuleTakenOut } from './ablations.ts';
import { createCrashDatabase } from './crash-database.ts';
import { summarise, type SuiteOptions } from './suite.ts';

/**
 * Seeds whose ordinary weather finds it; a full run comes to the first within some hundred. The
 * server's locks decide a little, so that there are several.
 */
const FOUND_AT: Readonly<Record<AblationName, readonly number[]>> = {
  'lease off': [4, 5, 6],
  'intent off': [1, 2, 3],
  'saver gives up early': [24, 25, 26],
  'escrow off': [6, 23, 26, 28, 42],
  'fence off': [30_045, 30_083, 30_099, 30_100, 30_271],
  'begin as one statement': [30_044, 30_151, 30_275, 30_312, 30_324],
  'escrow read after closing': [20_001, 20_011, 20_112, 20_142, 20_194],
};

async function kindsOfFirst(seeds: readonly number[], wanted: Wanted): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const seed of seeds) {
    const { violations } = await summarise(seed, wanted);
    for (const { kind } of violations) found.add(kind);
    if (wanted.ablation.kinds.some((kind) => found.has(kind))) break;
  }
  return [...found];
}

interface Wanted extends SuiteOptions {
  readonly ablation: RuleTakenOut;
}

describe('the crash suite itself', () => {
  it.each(Object.entries(FOUND_AT) as [AblationName, readonly number[]][])(
    'notices: %s',
    async (name, seeds) => {
      const ablation = ABLATIONS[name]();
      const database = await createCrashDatabase(inject('localAws').postgres, ablation.sql);
      try {
        const found = await kindsOfFirst(seeds, { database, ablation });
        expect(
          found.filter((kind) => (ablation.kinds as readonly string[]).includes(kind)),
        ).not.toEqual([]);
        expect(found).not.toContain('unforeseen-error');
        expect(ablation.unfound?.() ?? []).toEqual([]);
      } finally {
        await database.drop();
      }
    },
  );
});
