import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import type { SlaBreach } from '#shared/sla/breaches.ts';
import { dynamoDbSlaBreaches } from '#shared/dynamodb/sla-breaches.ts';
import { startDynamoDbProxy, type Fault } from '#test/support/dynamodb-proxy.ts';
import { plentyOfTime, someBreach } from '#test/support/sla-breaches.ts';
import { createSlaTable, localDynamoDb } from '#test/support/sla-table.ts';

const { endpointUrl } = inject('localAws');

let table: Awaited<ReturnType<typeof createSlaTable>>;
const toStop: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  table = await createSlaTable(localDynamoDb(endpointUrl));
});
afterEach(async () => {
  await Promise.all(toStop.splice(0).map((stop) => stop()));
});
afterAll(async () => {
  await table.drop();
});

/** The store behind a proxy that does `faults` to the calls of those numbers, or to every call. */
async function storeWith(faults: readonly Fault[] | ((statements: number) => Fault)) {
  const proxy = await startDynamoDbProxy(endpointUrl, ({ statements }, number) =>
    typeof faults === 'function' ? faults(statements.length) : faults[number],
  );
  const client = localDynamoDb(proxy.endpointUrl);
  toStop.push(() => {
    client.destroy();
    return proxy.stop();
  });
  const pauses: number[] = [];
  const pause = (ms: number) => Promise.resolve(pauses.push(ms));
  const open = dynamoDbSlaBreaches(table.tableName, { client, pause, random: () => 1 });
  return {
    pauses,
    open,
    calls: proxy.calls,
    settle: (breaches: readonly SlaBreach[], deadline = plentyOfTime) => {
      const invocation = open(deadline);
      return Promise.allSettled(breaches.map((breach) => invocation.record(breach)));
    },
    statementsPerCall: () => proxy.calls.map(({ statements }) => statements.length),
  };
}
const some = (count: number) => Array.from({ length: count }, () => someBreach());
const recorded = { status: 'fulfilled', value: 'recorded' };
const duplicate = { status: 'fulfilled', value: 'duplicate' };
const every = (count: number, outcome: object) => Array.from({ length: count }, () => outcome);

test('files go out 25 a call, whatever messages they come in', async () => {
  const { settle, statementsPerCall } = await storeWith([]);

  expect(await settle(some(60))).toEqual(every(60, recorded));
  expect(statementsPerCall().toSorted()).toEqual([10, 25, 25]);
});

test('what is recorded within two milliseconds shares a call', async () => {
  const { open, statementsPerCall } = await storeWith([]);
  const invocation = open(plentyOfTime);
  const first = invocation.record(someBreach());
  await new Promise((resolve) => setImmediate(resolve));

  await Promise.all([first, invocation.record(someBreach())]);

  expect(statementsPerCall()).toEqual([2]);
});

test('resends cost one more call of 25, not one each', async () => {
  const { settle, statementsPerCall } = await storeWith([]);
  const breaches = some(25);
  await settle(breaches);
  const reportedAt = '2024-06-15T23:59:00.000Z';

  expect(await settle(breaches.map((breach) => ({ ...breach, reportedAt })))).toEqual(
    every(25, duplicate),
  );
  expect(statementsPerCall()).toEqual([25, 25, 25]);
  expect(await table.read(breaches[24]!.errorId)).toMatchObject({ lastReportedAt: reportedAt });
});

test.each([
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionConflict',
] as const)('statements that end as %s are repeated alone, after a pause', async (code) => {
  const { settle, statementsPerCall, pauses } = await storeWith([{ code, positions: [1, 3] }]);

  expect(await settle(some(5))).toEqual(every(5, recorded));
  expect(statementsPerCall()).toEqual([5, 2]);
  expect(pauses).toEqual([50]);
});

test('a call that is throttled as a whole is repeated, ever more slowly', async () => {
  const exception = { exception: 'ThrottlingException' };
  const { settle, statementsPerCall, pauses } = await storeWith([exception, exception, exception]);

  expect(await settle(some(2))).toEqual(every(2, recorded));
  expect(statementsPerCall()).toEqual([2, 2, 2, 2]);
  expect(pauses).toEqual([50, 100, 200]);
});

test('a resend that is throttled is repeated until its latest report is kept', async () => {
  const throttled = { code: 'ThrottlingError', positions: [0] } as const;
  const breach = someBreach();
  await table.open(plentyOfTime).record(breach);
  const { settle } = await storeWith([throttled, throttled, throttled]);
  const reportedAt = '2024-06-15T23:59:00.000Z';

  expect(await settle([{ ...breach, reportedAt }])).toEqual([duplicate]);
  expect(await table.read(breach.errorId)).toMatchObject({ lastReportedAt: reportedAt });
});

test('what is throttled until the deadline fails alone, to be retried', async () => {
  let remainingMs = 20_000;
  const { settle, pauses } = await storeWith((statements) => {
    remainingMs -= 4_000;
    return { code: 'ThrottlingError', positions: [statements > 1 ? 1 : 0] };
  });
  const breaches = some(3);

  const outcomes = await settle(breaches, { remainingMs: () => remainingMs });

  expect(outcomes).toMatchObject([
    recorded,
    {
      status: 'rejected',
      reason: { name: 'DependencyUnavailableError', code: 'dynamodb-unavailable' },
    },
    recorded,
  ]);
  // A call takes up to 4 s and 5 s are reserved, so the third try at 8 s left does not start.
  expect(pauses).toHaveLength(2);
  expect(await table.read(breaches[1]!.errorId)).toBeUndefined();
});

test('nothing is written that there is no time for', async () => {
  const { settle, calls } = await storeWith([]);

  expect(await settle(some(1), { remainingMs: () => 8_999 })).toMatchObject([
    { reason: { name: 'DependencyUnavailableError', code: 'no-time-left' } },
  ]);
  expect(calls).toEqual([]);
});

test('a call whose answer gets lost is repeated: all is stored once', async () => {
  const { settle } = await storeWith([{ lostAnswer: true }]);
  const breaches = some(3);

  expect(await settle(breaches)).toEqual(every(3, duplicate));
  for (const { errorId, reportedAt } of breaches) {
    expect(await table.read(errorId)).toMatchObject({
      firstReportedAt: reportedAt,
      lastReportedAt: reportedAt,
    });
  }
});

test('where a call is refused for what one statement holds, its neighbours go alone', async () => {
  const refuseSets = (statements: number): Fault =>
    statements > 1
      ? { exception: 'ValidationException' }
      : { code: 'ValidationError', positions: [] };
  const { settle } = await storeWith(refuseSets);

  expect(await settle(some(3))).toEqual(every(3, recorded));
});

test.each(['AccessDeniedException', 'ResourceNotFoundException'])(
  '%s is our configuration: retried later, not repeated now',
  async (exception) => {
    const { settle, calls } = await storeWith(() => ({ exception }));

    expect(await settle(some(1))).toMatchObject([{ reason: { name: 'ConfigurationError' } }]);
    expect(calls).toHaveLength(1);
  },
);
