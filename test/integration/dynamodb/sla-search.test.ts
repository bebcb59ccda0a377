import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { dynamoDbSlaSearch } from '#shared/dynamodb/sla-search.ts';
import type { BreachPage, PageRequest, Position } from '#shared/sla/search.ts';
import { startDynamoDbProxy } from '#test/support/dynamodb-proxy.ts';
import { plentyOfTime, someBreach } from '#test/support/sla-breaches.ts';
import { createSlaTable, localDynamoDb } from '#test/support/sla-table.ts';

const { endpointUrl } = inject('localAws');
const DAY = '2024-06-15';
const ofDay = { days: { from: DAY, to: DAY }, folder: undefined, reportedSince: undefined };
const everything = { query: ofDay, from: undefined, limit: 10, deadline: plentyOfTime };

const client = localDynamoDb(endpointUrl);
let table: Awaited<ReturnType<typeof createSlaTable>>;
beforeAll(async () => {
  table = await createSlaTable(client);
});
afterAll(async () => {
  await table.drop();
  client.destroy();
});

test('a position that is none of the query is refused', async () => {
  const folder = 'C:\\transit\\in';
  const after = { errorId: 'e', affectedDate: '1999-01-01T00:00:00.000Z' };
  const page = table.search.page({
    query: { ...ofDay, folder },
    from: { day: undefined, after },
    limit: 10,
    deadline: plentyOfTime,
  });

  await expect(page).rejects.toMatchObject({ name: 'DependencyRefusedError' });
});

test('an item of the predecessor is found, and is never open', async () => {
  const affectedDay = '2019-01-01';
  const days = { from: affectedDay, to: affectedDay };
  const texts = {
    ...{ ErrorID: 'of-another-kind', Folder: 'C:\\old', Filename: 'a.csv' },
    ...{ CreationDate: 'x', AffectedDay: affectedDay, AffectedDate: `${affectedDay}T00:00:00Z` },
  };
  const Item = Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }]));
  await client.send(
    new PutItemCommand({ TableName: table.tableName, Item: { ...Item, SLA: { N: '60' } } }),
  );

  const found = await table.search.page({ ...everything, query: { ...ofDay, days } });
  expect(found.breaches).toMatchObject([{ errorId: 'of-another-kind', lastReportedAt: undefined }]);
  const open = { ...ofDay, days, reportedSince: '2000-01-01T00:00:00.000Z' };
  expect(await table.search.page({ ...everything, query: open })).toMatchObject({ breaches: [] });
});

test('an item that can not be read is left out of every page, and named', async () => {
  const item = (ErrorID: string, hour: string, changes = {}) => ({
    ErrorID: { S: ErrorID },
    Folder: { S: 'C:\\mixed' },
    AffectedDay: { S: '2017-01-01' },
    AffectedDate: { S: `2017-01-01 ${hour}:00` },
    Filename: { S: 'a.csv' },
    CreationDate: { S: 'x' },
    SLA: { S: '60' },
    ...changes,
  });
  const items = [
    item('good-1', '09'),
    item('no-sla', '10', { SLA: { S: 'an hour' } }),
    item('good-2', '11'),
    item('no-name', '12', { Filename: { BOOL: true } }),
  ];
  for (const Item of items) {
    await client.send(new PutItemCommand({ TableName: table.tableName, Item }));
  }

  const day = { ...ofDay, days: { from: '2017-01-01', to: '2017-01-01' } };
  const folder = { ...ofDay, days: undefined, folder: 'C:\\mixed' };
  const searches = [day, folder].flatMap((query) =>
    [1, 2, 3, 10].map((limit) => ({ query, limit })),
  );
  for (const search of searches) {
    const pages = await pagesOf(search);
    expect(Math.max(...pages.map(({ breaches }) => breaches.length))).toBeLessThanOrEqual(
      search.limit,
    );
    const found = pages.flatMap(({ breaches }) => breaches.map(({ errorId }) => errorId));
    expect(found).toEqual(['good-2', 'good-1']);
    expect(pages.flatMap(({ unreadable }) => unreadable)).toEqual(['no-name', 'no-sla']);
  }
});

async function pagesOf(
  search: Pick<PageRequest, 'query' | 'limit'>,
): Promise<readonly BreachPage[]> {
  const pages: BreachPage[] = [];
  let from: Position | undefined;
  do {
    const page = await table.search.page({ ...everything, ...search, from });
    pages.push(page);
    from = page.next;
  } while (from !== undefined);
  return pages;
}

test('a page looks at 40 parts of the index at most, and the next one goes on from there', async () => {
  const breach = someBreach({
    affectedDay: '2018-01-01',
    affectedDate: '2018-01-01T09:00:00.000Z',
  });
  await table.open(plentyOfTime).record(breach);
  const query = { ...ofDay, days: { from: '2018-01-01', to: '2018-02-20' } };

  const first = await table.search.page({ ...everything, query });
  expect(first).toMatchObject({ breaches: [], next: { day: '2018-01-11', after: undefined } });
  const second = await table.search.page({ ...everything, query, from: first.next });
  expect(second.breaches).toMatchObject([{ errorId: breach.errorId }]);
  expect(second.next).toBeUndefined();
});

test.each([
  ['ThrottlingException', 'DependencyUnavailableError'],
  ['ProvisionedThroughputExceededException', 'DependencyUnavailableError'],
  ['AccessDeniedException', 'ConfigurationError'],
  ['ResourceNotFoundException', 'ConfigurationError'],
])('%s of a query is a %s', async (exception, name) => {
  const proxy = await startDynamoDbProxy(endpointUrl, () => ({ exception }));
  const search = dynamoDbSlaSearch(localDynamoDb(proxy.endpointUrl), table);

  await expect(search.page(everything)).rejects.toMatchObject({ name });
  await proxy.stop();
});
