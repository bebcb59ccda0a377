import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { reportToText } from '../report-text.ts';
import { Report } from '../report.ts';
import { dynamoDbStores } from './dynamodb-stores.ts';
import { CLAROSHOP, CLAROSHOP_ON_DYNAMODB } from './flow.ts';
import { summarise, type SuiteOptions } from './suite.ts';

const FIRST_SEED = 1;

interface Extent {
  /** The whole short form has a minute; a machine that is busy gets through fewer runs. */
  readonly budgetMs: number;
  readonly least: number;
  readonly most: number;
}

async function fill(report: Report, extent: Extent, options: SuiteOptions): Promise<void> {
  const { budgetMs, least, most } = extent;
  const beganMs = performance.now();
  const goesOn = () => report.runs < least || performance.now() - beganMs < budgetMs;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + most && goesOn(); seed++) {
    report.add(await summarise(seed, { ...options, hungry: report.hungry }));
  }
}

describe('the ClaroShop functions, stopped at every step', () => {
  it('violate no invariant on stores in memory', async () => {
    const report = new Report(CLAROSHOP, FIRST_SEED);
    await fill(report, { budgetMs: 8_000, least: 20, most: 400 }, {});
    console.log(reportToText(report));
    expect(report.toJson().failures).toEqual([]);
  });

  it('come to the same end when a seed is repeated', async () => {
    const [first, again] = [
      await summarise(7, { keepTrace: true }),
      await summarise(7, { keepTrace: true }),
    ];
    expect(again.trace).toEqual(first.trace);
    expect(again.risks).toEqual(first.risks);
  });
});

describe('the ClaroShop functions, stopped at every request of the real adapters', () => {
  let stores: Awaited<ReturnType<typeof dynamoDbStores>>;
  beforeAll(async () => {
    stores = await dynamoDbStores(inject('localAws').endpointUrl);
  });
  afterAll(() => stores.drop());

  it('violate no invariant on DynamoDB Local', async () => {
    const report = new Report(CLAROSHOP_ON_DYNAMODB, FIRST_SEED);
    await fill(report, { budgetMs: 14_000, least: 3, most: 40 }, { stores });
    console.log(reportToText(report));
    expect(report.toJson().failures).toEqual([]);
  });
});
