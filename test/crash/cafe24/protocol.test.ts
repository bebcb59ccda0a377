import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createCrashDatabase, type CrashDatabase } from './crash-database.ts';
import { reportToText } from '../report-text.ts';
import { Report } from '../report.ts';
import { CAFE24 } from './flow.ts';
import { summarise } from './suite.ts';

const FIRST_SEED = 1;
/** The whole short form has a minute; a machine that is busy gets through fewer runs. */
const BUDGET_MS = 16_000;
const LEAST_RUNS = 8;
const MOST_RUNS = 300;

describe('the attempt protocol, stopped at every step', () => {
  let database: CrashDatabase;
  beforeAll(async () => {
    database = await createCrashDatabase(inject('localAws').postgres);
  });
  afterAll(() => database.drop());

  it('violates no invariant', async () => {
    const report = new Report(CAFE24, FIRST_SEED);
    const beganMs = performance.now();
    const goesOn = () => report.runs < LEAST_RUNS || performance.now() - beganMs < BUDGET_MS;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + MOST_RUNS && goesOn(); seed++) {
      report.add(await summarise(seed, { database, hungry: report.hungry }));
    }
    console.log(reportToText(report));
    expect(report.toJson().failures).toEqual([]);
  });

  // The server's locks decide a little, the more so the busier the machine is.
  it('comes to the same end when a seed is repeated', { retry: 3 }, async () => {
    const [first, again] = [await summarise(7, { database }), await summarise(7, { database })];
    expect(again.steps).toEqual(first.steps);
    expect(again.risks).toEqual(first.risks);
  });
});
