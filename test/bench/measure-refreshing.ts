import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { settings } from '#functions/refresh-cafe24-token/settings.ts';
import type { PostgresAddress } from '#infra/local/local-aws.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { someGrant } from '#test/support/cafe24-world.ts';
import { scriptedEventBus } from '#test/support/scripted-event-bus.ts';
import { lambdaContext } from '#test/support/lambda-context.ts';
import { sqsRecord } from '#test/support/sqs-records.ts';
import { asDeployed, plain, type Handler, type Surroundings } from './refreshing-ways.ts';

const MALLS = 500;
const WARM_UP_MALLS = 50;
const PROVIDER_MS = 100;

interface RefreshFigures {
  readonly way: string;
  readonly refreshes: number;
  readonly 'refreshes/s': number;
  readonly 'statements/refresh': number;
  readonly 'PutEvents calls': number;
  readonly 'CPU ms/refresh': number;
}

interface Way {
  readonly name: string;
  readonly make: (surroundings: Surroundings) => Handler;
  readonly batchSize: number;
}

const WAYS: readonly Way[] = [
  { name: 'as deployed', make: asDeployed, batchSize: settings.batchSize },
  { name: 'plain, ten at once', make: plain, batchSize: settings.batchSize },
  { name: 'plain, one by one', make: plain, batchSize: 1 },
];

/** Rotates the grants of the same malls in each way, in one run on one database. */
export async function measureRefreshing(
  address: PostgresAddress,
): Promise<readonly RefreshFigures[]> {
  const test = await createTestDatabase(address);
  try {
    await fill(test);
    const figures: RefreshFigures[] = [];
    for (const way of WAYS) figures.push(await measure(way, test));
    return figures;
  } finally {
    await test.drop();
  }
}

async function fill({ sql }: TestDatabase): Promise<void> {
  await sql(
    `insert into cafe24.oauth_tokens (mall_id, access_token, expires_at, refresh_token)
     select 'mall-' || n, 'access-' || n, clock_timestamp() + interval '1 hour', 'refresh-' || n
       from generate_series(1, $1) n`,
    [MALLS],
  );
}

async function measure(
  { name, make, batchSize }: Way,
  test: TestDatabase,
): Promise<RefreshFigures> {
  const bus = scriptedEventBus();
  const handler = make({ test, provider: slowProvider, events: bus.client });
  await refreshAll(handler, await batchesOf(test, WARM_UP_MALLS, batchSize));
  const batches = await batchesOf(test, MALLS, batchSize);
  const callsBefore = bus.calls.length;
  const statements = countStatements();
  const cpu = process.cpuUsage();
  const beganMs = performance.now();
  await refreshAll(handler, batches);
  const seconds = (performance.now() - beganMs) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    way: name,
    refreshes: MALLS,
    'refreshes/s': Math.round(MALLS / seconds),
    'statements/refresh': statements.stop() / MALLS,
    'PutEvents calls': bus.calls.length - callsBefore,
    'CPU ms/refresh': Math.round((user + system) / MALLS / 10) / 100,
  };
}

const slowProvider: Surroundings['provider'] = {
  redeem: async ({ mallId }) => {
    await pause(PROVIDER_MS);
    const expiresAt = new Date(Date.now() + 7_200_000);
    return { kind: 'granted', grant: { ...someGrant(mallId), expiresAt } };
  },
};

/** A warning for each of the first malls, of the version that its row has now. */
async function batchesOf({ sql }: TestDatabase, malls: number, batchSize: number) {
  const rows = await sql(
    'select mall_id, version::int from cafe24.oauth_tokens order by id limit $1',
    [malls],
  );
  const records = rows.map(({ mall_id: mallId, version }) =>
    sqsRecord({ body: { provider: 'cafe24', mallId, version, reason: 'expiring' } }),
  );
  const count = Math.ceil(records.length / batchSize);
  return Array.from({ length: count }, (_, n) => records.slice(n * batchSize, (n + 1) * batchSize));
}

async function refreshAll(
  handler: Handler,
  batches: Awaited<ReturnType<typeof batchesOf>>,
): Promise<void> {
  for (const Records of batches) {
    const context = lambdaContext(() => settings.timeoutSeconds * 1_000);
    const { batchItemFailures } = await handler({ Records }, context);
    if (batchItemFailures.length > 0) throw new Error('A grant was not refreshed.');
  }
}

/** Every statement that this process sends to Postgres, BEGIN and COMMIT too. */
function countStatements(): { stop(): number } {
  const prototype: { query: (...args: unknown[]) => unknown } = pg.Client.prototype;
  const { query } = prototype;
  let count = 0;
  prototype.query = function (this: pg.Client, ...args) {
    count += 1;
    return query.apply(this, args);
  };
  return {
    stop: () => {
      prototype.query = query;
      return count;
    },
  };
}
