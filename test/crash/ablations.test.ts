import { describe, expect, inject, it } from 'vitest';
import { ABLATIONS, type AblationName } from './ablations.ts';
import { createCrashDatabase } from './crash-database.ts';
import { summarise, type SuiteOptions } from './suite.ts';

/** The first seed from 1 on that finds it: `npm run test:crash -- --seed 1 --ablation 'fence off'`. */
const FOUND_AT: Readonly<Record<AblationName, number>> = {
  'fence off': 222,
  'lease off': 1,
  'escrow off': 8,
  'intent off': 1,
  'begin as one statement': 7,
  'escrow read after closing': 98,
};

/** The server's locks decide a little: the neighbours of a seed are looked at too. */
const NEIGHBOURS = 6;

async function firstViolation(seeds: readonly number[], options: SuiteOptions) {
  for (const seed of seeds) {
    const { violations } = await summarise(seed, options);
    if (violations.length > 0) return violations[0];
  }
  return undefined;
}

describe('the crash suite itself', () => {
  it.each(Object.entries(FOUND_AT) as [AblationName, number][])(
    'notices: %s',
    async (name, seed) => {
      const ablation = ABLATIONS[name]();
      const database = await createCrashDatabase(inject('localAws').postgres, ablation.sql);
      const seeds = Array.from({ length: NEIGHBOURS }, (_, at) => seed + at);
      try {
        const found = await firstViolation(seeds, { database, ablation });
        expect(found).toBeDefined();
      } finally {
        await database.drop();
      }
    },
  );
});
