import { describe, expect, it } from 'vitest';
import { calm } from './fault.ts';
import { FAULTS } from './faults.ts';
import { summarise } from './suite.ts';
import { VIOLATIONS } from './violations.ts';

/** Any in which the account has a grant from the beginning. */
const SEED = 2;

describe("the judge of ClaroShop's runs", () => {
  it.each(Object.entries(FAULTS))('reports, and nothing else: %s', async (_, faultOf) => {
    const fault = faultOf();
    const { violations } = await summarise(SEED, { ablation: fault });
    expect(violations.map(({ kind }) => kind)).toContain(fault.kind);
    expect(violations.filter(({ kind }) => kind !== fault.kind)).toEqual([]);
    expect(violations.map(({ text }) => text).join('\n')).toContain(fault.text);
  });

  it('finds nothing in a calm run', async () => {
    expect((await summarise(SEED, { ablation: { weather: calm } })).violations).toEqual([]);
  });

  it('has a planted fault for each kind of violation', () => {
    const planted = new Set<string>(Object.values(FAULTS).map((faultOf) => faultOf().kind));
    expect([...planted].sort()).toEqual(Object.keys(VIOLATIONS).sort());
  });
});
