import { randomUUID } from 'node:crypto';
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  GetItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { dynamoDbPredecessor } from '#shared/dynamodb/predecessor.ts';
import {
  backfillProcess,
  createProgressTable,
  passingTime,
  type ProcessOptions,
} from '#test/support/backfill.ts';
import { startDynamoDbProxy, type Fault } from '#test/support/dynamodb-proxy.ts';
import { plentyOfTime, someBreach } from '#test/support/sla-breaches.ts';
import { createSlaTable, localDynamoDb } from '#test/support/sla-table.ts';

const { endpointUrl } = inject('localAws');
const client = localDynamoDb(endpointUrl);
const progressTable = `progress-${randomUUID()}`;

let table: Awaited<ReturnType<typeof createSlaTable>>;
beforeAll(async () => {
  await createProgressTable(client, progressTable);
});
afterAll(async () => {
  await client.send(new DeleteTableCommand({ TableName: progressTable }));
  client.destroy();
});
beforeEach(async () => {
  table = await createSlaTable(client);
  return async () => {
    await table.drop();
  };
});

type Item = Record<string, AttributeValue>;

/** As the predecessor stored it: it had no AffectedDay. */
const oldItem = (ErrorID: string, changes: Item = {}): Item => ({
  ErrorID: { S: ErrorID },
  Folder: { S: 'C:\\old' },
  AffectedDate: { S: '2024-06-15' },
  SLA: { N: '60' },
  Filename: { S: `${ErrorID}.csv` },
  CreationDate: { S: '2024-06-15T10:00:00' },
  ...changes,
});
async function put(...items: Item[]): Promise<void> {
  for (let from = 0; from < items.length; from += 25) {
    const puts = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
    const RequestItems = { [table.tableName]: puts };
    await client.send(new BatchWriteItemCommand({ RequestItems }));
  }
}
const read = async (errorId: string) => {
  const Key = { ErrorID: { S: errorId } };
  return (await client.send(new GetItemCommand({ TableName: table.tableName, Key }))).Item;
};
const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => oldItem(`old-${String(n).padStart(4, '0')}`));

const process = (options: ProcessOptions = {}) =>
  backfillProcess({ endpoint: endpointUrl, table, progressTable, ...options });

const foundOn = async (day: string, limit = 200) => {
  const query = { days: { from: day, to: day }, folder: undefined, reportedSince: undefined };
  return (await table.search.page({ query, from: undefined, limit, deadline: plentyOfTime }))
    .breaches;
};

describe('the backfill of a table that was taken over', () => {
  it('lets search find old items by day and by folder, with all that they had', async () => {
    await put(oldItem('of-a-day'));
    expect(await foundOn('2024-06-15')).toEqual([]);

    expect(await process().run()).toEqual({ done: true, looked: 1, filled: 1, left: 0 });

    expect(await read('of-a-day')).toEqual({
      ...oldItem('of-a-day'),
      AffectedDay: { S: '2024-06-15' },
      AffectedDate: { S: '2024-06-15T17:00:00.000Z' },
      OriginalAffectedDate: { S: '2024-06-15' },
    });
    const [found] = await foundOn('2024-06-15');
    expect(found).toMatchObject({ errorId: 'of-a-day', sla: 60, lastReportedAt: undefined });
    const query = { days: undefined, folder: 'C:\\old', reportedSince: undefined };
    const byFolder = await table.search.page({
      query,
      from: undefined,
      limit: 10,
      deadline: plentyOfTime,
    });
    expect(byFolder.breaches).toEqual([found]);
  });

  it.each<[string, Item]>([
    ['UTC that does not say so', { AffectedDate: { S: '2024-06-16T01:25:25.123456' } }],
    ['UTC', { AffectedDate: { S: '2024-06-16T04:00:00Z' } }],
    ['a form nobody knows', { AffectedDate: { S: 'Sat Jun 15 2024' } }],
    ['an SLA that is text', { SLA: { S: '60' } }],
  ])('reads %s', async (_, changes) => {
    await put(oldItem('old', changes));
    expect(await process().run()).toMatchObject({ filled: 1, left: 0 });
    expect(await foundOn('2024-06-15')).toMatchObject([{ errorId: 'old', sla: 60 }]);
  });

  it('lets search find what was stored before our indexes were made, whatever its types', async () => {
    await table.drop();
    table = await createSlaTable(client, { indexesFirst: false });
    const dateless = oldItem('dateless');
    delete dateless['AffectedDate'];
    await put(dateless, oldItem('number', { AffectedDate: { N: '20240615' } }));
    await table.addIndexes();

    expect(await process().run()).toMatchObject({ filled: 2, left: 0 });
    const found = await foundOn('2024-06-15');
    expect(found.map(({ errorId }) => errorId).sort()).toEqual(['dateless', 'number']);
    expect(await read('dateless')).not.toHaveProperty('OriginalAffectedDate');
    expect(await read('number')).toMatchObject({ OriginalAffectedDate: { N: '20240615' } });
  });

  it('leaves alone what is complete, and never changes an AffectedDay', async () => {
    const breach = someBreach();
    await table.open(plentyOfTime).record(breach);
    const foreign = oldItem('foreign', { AffectedDay: { S: 'a Saturday' } });
    await put(foreign);
    const before = await read(breach.errorId);

    expect(await process().run()).toMatchObject({ looked: 2, filled: 0, left: 0 });
    expect(await read(breach.errorId)).toEqual(before);
    expect(await read('foreign')).toEqual(foreign);
  });

  it('names what search can not find all the same, and changes nothing of it', async () => {
    const nameless = oldItem('nameless');
    delete nameless['Filename'];
    const timeless = oldItem('timeless', { CreationDate: { S: '?' }, AffectedDate: { S: '?' } });
    await put(nameless, timeless, oldItem('good'));
    const { run, log, metrics } = process();

    expect(await run()).toEqual({ done: true, looked: 3, filled: 1, left: 2 });
    expect(await read('nameless')).toEqual(nameless);
    expect(await read('timeless')).toEqual(timeless);
    const [line] = log.lines.filter(({ message }) => message === 'items-left');
    expect(String(line?.fields['errorIds']).split(' ').sort()).toEqual(['nameless', 'timeless']);
    expect(metrics.counts).toEqual(['OldSlaErrorsFilled 1', 'OldSlaErrorsLeft 2']);
  });

  it('writes 25 items a call, and does nothing once it is through', async () => {
    await put(...numbered(60));
    const proxy = await startDynamoDbProxy(endpointUrl, () => undefined);
    const callsOf = (target: string) => proxy.calls.filter((call) => call.target === target);

    expect(await process({ endpoint: proxy.endpointUrl }).run()).toMatchObject({
      done: true,
      filled: 60,
    });
    const sizes = callsOf('BatchExecuteStatement').map(({ statements }) => statements.length);
    expect(sizes.sort()).toEqual([10, 25, 25]);
    expect(await process({ endpoint: proxy.endpointUrl }).run()).toMatchObject({
      done: true,
      filled: 60,
    });
    expect(callsOf('Scan')).toHaveLength(1);
    await proxy.stop();
  });

  it('goes on in the next run where the time of one is over', async () => {
    await put(...numbered(200));
    let looks = 0;
    const forOneLook = { remainingMs: () => (looks++ === 0 ? 30_000 : 19_000) };

    const first = await process().run(false, forOneLook);
    expect(first).toEqual({ done: false, looked: 80, filled: 80, left: 0 });
    expect(await process().run()).toEqual({ done: true, looked: 200, filled: 200, left: 0 });
    expect(await foundOn('2024-06-15')).toHaveLength(200);
  });

  it('looks at all of it again when it is told to', async () => {
    await put(oldItem('early'));
    await process().run();
    await put(oldItem('late'));
    expect(await process().run()).toMatchObject({ looked: 1 });

    expect(await process().run(true)).toEqual({ done: true, looked: 2, filled: 1, left: 0 });
    expect(await foundOn('2024-06-15')).toHaveLength(2);
  });
});

describe('a run of the backfill', () => {
  /** Every call up to the one in question, by its number; then the process is gone. */
  const dyingAt = (call: number, how: Fault) => {
    let dead = false;
    return startDynamoDbProxy(endpointUrl, (_, number) => {
      if (dead) return { exception: 'InternalServerError' };
      if (number < call) return undefined;
      dead = true;
      return how;
    });
  };

  it('may die at any call, before or after it was done: the next run completes all', async () => {
    const count = 100;
    // Progress, table, then twice: items, writes, progress.
    const calls = 2 + (1 + 4 + 1) + (1 + 1 + 1);
    for (const how of [{ lostAnswer: true }, { exception: 'InternalServerError' }] as const) {
      for (let call = 0; call < calls; call++) {
        await table.drop();
        table = await createSlaTable(client);
        await put(...numbered(count));
        const proxy = await dyingAt(call, how);
        const death = process({ endpoint: proxy.endpointUrl }).run(false, passingTime());
        await expect(death).rejects.toMatchObject({ code: 'dynamodb-unavailable' });
        await proxy.stop();

        expect(await process().run()).toMatchObject({ done: true, left: 0 });
        const found = await foundOn('2024-06-15');
        expect(new Set(found.map(({ errorId }) => errorId)).size).toBe(count);
        expect(await read('old-0000')).toMatchObject({ OriginalAffectedDate: { S: '2024-06-15' } });
      }
    }
  }, 120_000);

  it('beside another one loses nothing, and one of them goes on', async () => {
    await put(...numbered(200));
    const runs = await Promise.all([process().run(), process().run()]);
    expect(runs.filter(({ done }) => done)).toHaveLength(1);
    expect(await process().run()).toMatchObject({ done: true });
    for (const { ErrorID } of numbered(200)) {
      expect(await read(ErrorID?.S ?? '')).toMatchObject({
        AffectedDay: { S: '2024-06-15' },
        OriginalAffectedDate: { S: '2024-06-15' },
      });
    }
  });

  it('leaves an item as it is that somebody changed after it was read', async () => {
    await put(oldItem('moving'), oldItem('still'));
    const theirs = oldItem('moving', { AffectedDate: { S: '2030-01-01' } });
    const { run, log } = process({ beforeWrite: () => put(theirs) });

    expect(await run()).toEqual({ done: true, looked: 2, filled: 1, left: 1 });
    expect(await read('moving')).toEqual(theirs);
    expect(log.lines).toMatchObject([
      { message: 'items-left', fields: { errorIds: 'moving' } },
      {},
    ]);
  });

  it('makes no item anew that somebody deleted after it was read', async () => {
    const dateless = oldItem('gone');
    delete dateless['AffectedDate'];
    await put(dateless);
    const Key = { ErrorID: { S: 'gone' } };
    const remove = new DeleteItemCommand({ TableName: table.tableName, Key });
    const { run } = process({ beforeWrite: () => client.send(remove) });

    expect(await run()).toMatchObject({ filled: 0 });
    expect(await read('gone')).toBeUndefined();
  });

  it('ends where the table throttles, and the next one goes on', async () => {
    await put(...numbered(30));
    const proxy = await startDynamoDbProxy(endpointUrl, ({ target }) =>
      target === 'BatchExecuteStatement'
        ? { code: 'ThrottlingError', positions: [0, 1] }
        : undefined,
    );
    let remainingMs = 60_000;
    const passing = { remainingMs: () => (remainingMs -= 1_000) };
    await expect(
      process({ endpoint: proxy.endpointUrl }).run(false, passing),
    ).rejects.toMatchObject({
      code: 'dynamodb-unavailable',
    });
    await proxy.stop();

    expect(await process().run()).toMatchObject({ done: true, left: 0 });
    expect(await foundOn('2024-06-15')).toHaveLength(30);
  });

  it('says which index is missing', async () => {
    const others = { ...table, affectedDateIndex: 'OurDays', folderIndex: 'AffectedDateIndex' };
    const check = dynamoDbPredecessor(others, {
      client,
      pause: () => Promise.resolve(),
      random: () => 1,
    }).check();

    await expect(check).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(
        /an index OurDays .* AffectedDay and AffectedDate; an index AffectedDateIndex .* Folder and/,
      ) as string,
    });
  });
});
