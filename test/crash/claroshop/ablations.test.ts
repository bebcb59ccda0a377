import { describe, expect, it } from 'vitest';
import { ABLATIONS, type AblationName, type RuleTakenOut } from './ablations.ts';
import { calm } from './fault.ts';
import { summarise } from './suite.ts';
import type { Weather } from './weather.ts';

interface Found {
  /** One that finds it. */
  readonly seed: number;
  /** Any weather finds it in time; one that is made for it finds it in a few runs. */
  readonly weather?: (weather: Weather) => Weather;
}

const FOUND_AT: Readonly<Record<AblationName, Found>> = {
  'lease off': { seed: 1 },
  'saver gives up early': { seed: 1 },
  'escrow off': { seed: 2 },
  'fingerprint off': { seed: 15 },
  'bundle after names': { seed: 1 },
  // A grant stays in escrow though it was stored, and others follow it before it is found there.
  'fence off': { seed: 215, weather: leavingInEscrow },
};

function leavingInEscrow(weather: Weather): Weather {
  const still = calm(weather);
  return {
    ...still,
    ...{ awayAtAnswer: 0.8, wishes: 12, sweepEveryMs: 120_000 },
    loseAnswer: { ...still.loseAnswer, escrow: 0.6 },
  };
}

/** A change of the functions moves the draws: the neighbours of a seed are looked at too. */
const NEIGHBOURS = 30;

describe("the suite of ClaroShop's flow itself", () => {
  it.each(Object.entries(FOUND_AT) as [AblationName, Found][])(
    'notices: %s',
    async (name, { seed, weather }) => {
      const rule = ABLATIONS[name]();
      const ablation = weather === undefined ? rule : { ...rule, weather };
      const found = new Set<string>();
      const isFound = () => rule.kinds.some((kind) => found.has(kind));
      for (let next = seed; next < seed + NEIGHBOURS && !isFound(); next++) {
        const { violations } = await summarise(next, { ablation });
        for (const violation of violations) found.add(violation.kind);
      }
      expect([...found].filter((kind) => isOf(rule, kind))).not.toEqual([]);
    },
  );
});

const isOf = ({ kinds }: RuleTakenOut, kind: string) => kinds.some((it) => it === kind);
