import { describe, expect, inject, it } from 'vitest';
import { ABLATIONS, type AblationName, type RuleTakenOut } from './ablations.ts';
import { createCrashDatabase } from './crash-database.ts';
import { calm } from './fault.ts';
import { summarise, type SuiteOptions } from './suite.ts';
import { underEscrow, type Weather } from './weather.ts';

interface Found {
  /** The server's locks decide a little, and a change of the functions moves the draws: the neighbours are looked at too. */
  readonly seed: number;
  /** Any weather finds it in time (`--ablations` says when); one that is made for it, in a few runs. */
  readonly weather?: (weather: Weather) => Weather;
}

const FOUND_AT: Readonly<Record<AblationName, Found>> = {
  'lease off': { seed: 1 },
  'intent off': { seed: 1 },
  'saver gives up early': { seed: 1, weather: underEscrow },
  'escrow off': { seed: 1, weather: underEscrow },
  'fence off': { seed: 5, weather: underEscrow },
  'begin as one statement': { seed: 2, weather: meeting },
  'escrow read after closing': { seed: 6, weather: underEscrow },
};
const NEIGHBOURS = 60;

/** Nothing fails, and many clients ask at once. */
function meeting(weather: Weather): Weather {
  return {
    ...calm(weather),
    bursts: 12,
    burst: 8,
    wishes: 6,
    duplicate: 0.4,
    sweepEveryMs: 20_000,
  };
}

async function kindsFrom(first: number, wanted: Wanted): Promise<readonly string[]> {
  const found = new Set<string>();
  const isFound = () => wanted.ablation.kinds.some((kind) => found.has(kind));
  for (let seed = first; seed < first + NEIGHBOURS && !isFound(); seed++) {
    const { violations } = await summarise(seed, wanted);
    for (const { kind } of violations) found.add(kind);
  }
  return [...found];
}

interface Wanted extends SuiteOptions {
  readonly ablation: RuleTakenOut;
}

describe('the crash suite itself', () => {
  it.each(Object.entries(FOUND_AT) as [AblationName, Found][])(
    'notices: %s',
    async (name, { seed, weather }) => {
      const rule: RuleTakenOut = ABLATIONS[name]();
      const ablation = weather === undefined ? rule : { ...rule, weather };
      const database = await createCrashDatabase(inject('localAws').postgres, ablation.sql);
      try {
        const found = await kindsFrom(seed, { database, ablation });
        expect(
          found.filter((kind) => (ablation.kinds as readonly string[]).includes(kind)),
        ).not.toEqual([]);
        expect(ablation.unfound?.() ?? []).toEqual([]);
      } finally {
        await database.drop();
      }
    },
  );
});
