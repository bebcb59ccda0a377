import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createCrashDatabase, type CrashDatabase } from './crash-database.ts';
import { FAULTS } from './faults.ts';
import { summarise } from './suite.ts';
import { VIOLATIONS } from './violations.ts';

/** Any in which the mall has a grant from the beginning. */
const SEED = 2;

describe('the judge of the crash suite', () => {
  let database: CrashDatabase;
  beforeAll(async () => {
    database = await createCrashDatabase(inject('localAws').postgres);
  });
  afterAll(() => database.drop());

  it.each(Object.entries(FAULTS))('reports, and nothing else: %s', async (_, fault) => {
    const { violations } = await summarise(SEED, { database, ablation: fault });
    expect(violations.map(({ kind }) => kind)).toContain(fault.kind);
    expect(violations.filter(({ kind }) => kind !== fault.kind)).toEqual([]);
    expect(violations[0]?.text).toContain(fault.text);
    expect(fault.unfound?.() ?? []).toEqual([]);
  });

  it('has a planted fault for each kind of violation', () => {
    const planted = new Set<string>(Object.values(FAULTS).map(({ kind }) => kind));
    expect([...planted].sort()).toEqual(Object.keys(VIOLATIONS).sort());
  });
});
