import { describe, expect, inject, it } from 'vitest';
import { ABLATIONS, type AblationName } from './ablations.ts';
import { createCrashDatabase } from './crash-database.ts';
import { calm } from './fault.ts';
import { summarise, type SuiteOptions } from './suite.ts';
import type { Weather } from './weather.ts';

interface Found {
  /** The first seed from 1 on that finds it. */
  readonly seed: number;
  /** Any weather finds it in time; one that is made for it finds it in a few runs. */
  readonly weather?: (weather: Weather) => Weather;
  /** Steps at which the run is likelier to stop. */
  readonly hungry?: readonly string[];
}

const strict = { accessSeconds: 300, reuseRevokesFamily: true, graceSeconds: 0 };
const never = { database: 0, escrow: 0, bus: 0, provider: 0, wire: 0 };

const FOUND_AT: Readonly<Record<AblationName, Found>> = {
  'lease off': { seed: 4 },
  'intent off': { seed: 1 },
  'escrow off': { seed: 6 },
  // Answers come late, and a new authorization comes in between.
  'fence off': {
    seed: 3,
    weather: (weather) => ({
      ...calm(weather),
      provider: { ...weather.provider, ...strict, newAuthorizationRevokesOldFamilies: true },
      ...{ authorizations: 5, isRush: true, slowAnswer: 0.5 },
      loseAnswer: { ...never, database: 0.2 },
    }),
  },
  // Equal warnings meet.
  'begin as one statement': {
    seed: 4,
    weather: (weather) => ({
      ...calm(weather),
      provider: { ...weather.provider, ...strict },
      ...{ bursts: 3, burst: 8 },
    }),
  },
  // Every grant goes into escrow, and who would install it dies or can't read it.
  'escrow read after closing': {
    seed: 4,
    hungry: ['refresh/close', 'recover/escrow-list', 'exchange/close'],
    weather: (weather) => ({
      ...calm(weather),
      provider: { ...weather.provider, ...strict },
      ...{ awayAtAnswer: 1, stop: 0.02, fail: { ...never, escrow: 0.3 } },
      ...{ bursts: 4, burst: 3, wishes: 6, sweepEveryMs: 100_000 },
    }),
  },
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
  it.each(Object.entries(FOUND_AT) as [AblationName, Found][])(
    'notices: %s',
    async (name, { seed, weather, hungry = [] }) => {
      const rule = ABLATIONS[name]();
      const ablation = weather === undefined ? rule : { ...rule, weather };
      const database = await createCrashDatabase(inject('localAws').postgres, ablation.sql);
      const seeds = Array.from({ length: NEIGHBOURS }, (_, at) => seed + at);
      try {
        const found = await firstViolation(seeds, { database, ablation, hungry });
        expect(found).toBeDefined();
      } finally {
        await database.drop();
      }
    },
  );
});
