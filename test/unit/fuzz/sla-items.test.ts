import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dynamoDbPredecessor } from '#shared/dynamodb/predecessor.ts';
import { dynamoDbSlaSearch } from '#shared/dynamodb/sla-search.ts';
import { affectedOfOld } from '#shared/sla/old-breach.ts';
import { holdsForEach, oddText } from '#test/support/fuzz.ts';
import { plentyOfTime } from '#test/support/sla-breaches.ts';

type Item = Record<string, AttributeValue>;

const TABLE = {
  tableName: 'old',
  affectedDateIndex: 'AffectedDateIndex',
  folderIndex: 'FolderIndex',
};
const ZONE = 'America/Mexico_City';

const texts = fc.oneof(
  oddText,
  fc.constantFrom('', '60', '2024-06-15', '2024-06-15T01:25:25.123456', '/Date(1718479525123)/'),
  fc.constantFrom('2567-06-15 19:25:25', '9999-12-31', '99999999999999999999', '-1', '60.0'),
);
/** Every type that DynamoDB has (API reference of AttributeValue, read 2026-11). */
const values: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 6, arbitrary: texts.map((S) => ({ S })) },
  { weight: 3, arbitrary: fc.double({ noNaN: true }).map((N) => ({ N: String(N) })) },
  fc.constantFrom<AttributeValue>({ NULL: true }, { BOOL: true }, { L: [] }, { M: {} }),
  fc.constantFrom<AttributeValue>({ B: new Uint8Array(2) }, { SS: ['a'] }, { NS: ['1'] }),
);
const attributes = [
  ...['AffectedDate', 'AffectedDay', 'CreationDate', 'Filename', 'Folder', 'SLA'],
  ...['FirstReportedAt', 'LastReportedAt', 'SubmissionId', 'SubmittedBy', 'OriginalAffectedDate'],
];
const items: fc.Arbitrary<Item> = fc
  .record(Object.fromEntries(attributes.map((name) => [name, values])), { requiredKeys: [] })
  .chain((item) => texts.map((key) => ({ ...item, ErrorID: { S: key || 'id' } })));

const scan = (found: readonly Item[]): DynamoDBClient => {
  const send = ({ input }: { readonly input: { readonly Statements?: readonly unknown[] } }) =>
    Promise.resolve(
      input.Statements ? { Responses: input.Statements.map(() => ({})) } : { Items: found },
    );
  return { send } as unknown as DynamoDBClient;
};

test('whatever another system stored is filled or left, and its neighbour is filled', async () => {
  const healthy = {
    ErrorID: { S: 'healthy' },
    Folder: { S: 'C:\\in' },
    Filename: { S: 'a.csv' },
    CreationDate: { S: '2024-06-15T19:25:25' },
    SLA: { N: '60' },
  };
  await holdsForEach(items, async (item) => {
    const means = {
      client: scan([item, healthy]),
      pause: () => Promise.resolve(),
      random: () => 0,
    };
    const { looked, filled, left } = await dynamoDbPredecessor(TABLE, means).fillNext({
      after: undefined,
      affectedOf: (old) => affectedOfOld(old, ZONE),
      deadline: plentyOfTime,
    });

    expect(looked).toBe(2);
    expect(filled).toBeGreaterThanOrEqual(1);
    expect(left).not.toContain('healthy');
  });
});

test('whatever an index holds is found or named, and costs no page', async () => {
  const indexed = items.map((item) => ({
    ...item,
    // Keys of the index, which has none without them.
    AffectedDate: { S: '2024-06-15T20:25:25.000Z' },
    AffectedDay: { S: '2024-06-15' },
  }));
  const day = { from: '2024-06-15', to: '2024-06-15' };
  const query = { days: day, folder: undefined, reportedSince: undefined };
  await holdsForEach(fc.array(indexed, { maxLength: 5 }), async (found) => {
    const { breaches, unreadable } = await dynamoDbSlaSearch(scan(found), TABLE).page({
      query,
      from: undefined,
      limit: 10,
      deadline: plentyOfTime,
    });

    expect(breaches.length + unreadable.length).toBe(found.length);
  });
});

test('an affected date is the instant that was meant, or there is none', async () => {
  const olds = fc.record({ affectedDate: texts, creationDate: texts, sla: texts });
  await holdsForEach(olds, (old) => {
    const affected = affectedOfOld(old, ZONE);
    if (affected === undefined) return;
    expect(affected.affectedDate).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(affected.affectedDay).toMatch(/^(19|20|21|22)\d\d-\d\d-\d\d$/);
  });
});
