import type { DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { dynamoDbSlaSearch } from '#shared/dynamodb/sla-search.ts';
import type { Position } from '#shared/sla/search.ts';

const TABLE = {
  tableName: 'table',
  affectedDateIndex: 'AffectedDateIndex',
  folderIndex: 'FolderIndex',
};
const days = { from: '2024-06-01', to: '2024-06-30' };
const query = { days, folder: undefined, reportedSince: undefined };

const item = (day: string) => ({
  ErrorID: { S: `id-of-${day}` },
  Folder: { S: 'C:\\in' },
  Filename: { S: 'a.csv' },
  SLA: { N: '60' },
  CreationDate: { S: 'x' },
  AffectedDay: { S: day },
  AffectedDate: { S: `${day}T12:00:00.000Z` },
});

/** A table with one file a day, each of whose reads takes `readMs`. */
function slowTable(readMs: number, remainingMs: number) {
  let left = remainingMs;
  let leastLeft = remainingMs;
  const send = ({ input }: { readonly input: QueryCommandInput }) => {
    left -= readMs;
    leastLeft = Math.min(leastLeft, left);
    return Promise.resolve({ Items: [item(input.ExpressionAttributeValues![':day']!.S!)] });
  };
  const search = dynamoDbSlaSearch({ send } as unknown as DynamoDBClient, TABLE);
  return {
    leastLeft: () => leastLeft,
    page: (from: Position | undefined) => {
      left = remainingMs;
      return search.page({ query, from, limit: 100, deadline: { remainingMs: () => left } });
    },
  };
}

test('a page ends before the deadline with what it has, and the pages lose nothing', async () => {
  const table = slowTable(4_000, 25_000);
  const found: string[] = [];
  const sizes: number[] = [];
  let from: Position | undefined;
  do {
    const { breaches, next } = await table.page(from);
    sizes.push(breaches.length);
    found.push(...breaches.map(({ affectedDay }) => affectedDay));
    from = next;
  } while (from !== undefined);

  expect(sizes).toEqual(Array.from({ length: 10 }, () => 3));
  expect(new Set(found).size).toBe(30);
  expect(table.leastLeft()).toBeGreaterThan(0);
});

test('a page for which there is no time is none: 503, not an empty page for ever', async () => {
  await expect(slowTable(1, 13_000).page(undefined)).rejects.toMatchObject({
    name: 'DependencyUnavailableError',
    code: 'no-time-left',
  });
});
