import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Attempt } from '#shared/grants/ports.ts';
import { postgresAnnouncements } from '#shared/postgres/announcements.ts';
import { postgresDatabase, type Database } from '#shared/postgres/database.ts';
import { postgresRefreshAttempts } from '#shared/postgres/refresh-attempts.ts';
import { postgresRefreshedTokens } from '#shared/postgres/refreshed-tokens.ts';
import { postgresSchedule } from '#shared/postgres/schedule.ts';
import { fixedSecret } from '#shared/ssm/secret.ts';
import { beginRequest, someGrant, toSave, type Cafe24World } from '#test/support/cafe24-world.ts';
import { countedStatements, type CountedStatements } from '#test/support/counted-statements.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { postgresWorld } from '#test/support/postgres-world.ts';
import { recordingLog } from '#test/support/recording-log.ts';

let test: TestDatabase;
let world: Cafe24World;
const opened: Database[] = [];
let sides: readonly [Side, Side];
beforeAll(async () => {
  test = await createTestDatabase(inject('localAws').postgres);
  await fillTables();
  world = postgresWorld(test);
  sides = [openSide(), openSide()];
});
afterAll(async () => {
  await Promise.all(opened.map((database) => database.end()));
  await test.drop();
});

/**
 * So many rows that each statement looks its own up in an index, as in a real database: one without
 * an order of its own locks them as they were given to it, or by the ids of attempts and codes, which
 * rise here from the last mall to the first. Of a small table a scan finds all in one order.
 */
async function fillTables(): Promise<void> {
  await test.sql(
    `insert into cafe24.oauth_tokens (mall_id, access_token, expires_at, refresh_token)
     select 'filler-' || n, 'a', now() + interval '1 day', 'r' from generate_series(1, 5000) n`,
  );
  await test.sql(
    `insert into cafe24.oauth_authorization_codes (mall_id, code, status)
     select 'filler-' || n, 'c', 'expired' from generate_series(1, 5000) n`,
  );
  await test.sql(
    `insert into cafe24.token_attempts
            (attempt_id, mall_id, grant_type, started_at, lease_until, finished_at, outcome)
     select gen_random_uuid(), 'filler-' || n, 'refresh_token', now(), now(), now(), 'refreshed'
       from generate_series(1, 5000) n`,
  );
  await test.sql('analyze');
}

/** What a process works with, on connections of its own. */
interface Side extends Cafe24World {
  readonly counted: CountedStatements;
  readonly refreshes: ReturnType<typeof postgresRefreshAttempts>;
  readonly refreshed: ReturnType<typeof postgresRefreshedTokens>;
}

function openSide(): Side {
  const database = postgresDatabase(test.config, fixedSecret(test.password), recordingLog());
  opened.push(database);
  const counted = countedStatements(database);
  return {
    ...postgresWorld({ ...test, database: counted.database }),
    counted,
    refreshes: postgresRefreshAttempts(counted.database),
    refreshed: postgresRefreshedTokens(counted.database),
  };
}

/** A mall with an active row, a refresh and an exchange under way, and a code that waits. */
interface Mall {
  readonly mallId: string;
  readonly refresh: Attempt;
  readonly exchange: Attempt;
  readonly codeId: string;
  readonly waitingMallId: string;
  readonly waitingCodeId: string;
}

const MALLS = 10;

let serial = 0;
const risingId = () => {
  serial += 1;
  return serial.toString(16).padStart(8, '0') + randomUUID().slice(8);
};

/** One by one from the last to the first, so that their codes' ids rise in that order too. */
async function prepareMalls(): Promise<readonly Mall[]> {
  const run = randomUUID().slice(0, 8);
  const malls: Mall[] = [];
  for (let at = MALLS - 1; at >= 0; at--) malls.unshift(await prepareMall(`${run}-${String(at)}`));
  return malls;
}

async function prepareMall(mallId: string): Promise<Mall> {
  await test.sql(
    `insert into cafe24.oauth_tokens (mall_id, access_token, expires_at, refresh_token)
     values ($1, 'a', now(), 'r')`,
    [mallId],
  );
  await test.sql(
    `update cafe24.refresh_schedule set warn_again_at = now() + interval '2 minutes'
      where mall_id = $1`,
    [mallId],
  );
  const wanted = { attemptId: risingId(), subject: mallId, version: 1, leaseMs: 60_000 };
  const refreshing = await postgresRefreshAttempts(test.database).begin(wanted);
  const codeId = await world.insertCode(mallId);
  const exchange = { ...beginRequest(mallId, codeId), attemptId: risingId() };
  const exchanging = await world.codes.begin(exchange);
  if (refreshing.kind !== 'begun' || exchanging.kind !== 'begun') throw new Error('not begun');
  const waitingMallId = `${mallId}-waiting`;
  return {
    ...{ mallId, refresh: refreshing.attempt, exchange: exchanging.attempt, codeId },
    waitingMallId,
    waitingCodeId: await world.insertCode(waitingMallId),
  };
}

/** What a batch does at once, and the words of the one statement that does it. */
interface Deed {
  readonly words: string;
  readonly ask: (side: Side, malls: readonly Mall[]) => Promise<unknown>;
}

const all =
  (each: (side: Side, mall: Mall) => Promise<unknown>): Deed['ask'] =>
  (side, malls) =>
    Promise.all(malls.map((mall) => each(side, mall)));

const closure = { outcome: 'failed', reason: 'test' } as const;
const DEEDS = {
  wishes: {
    words: 'set wish_version',
    ask: all(({ refreshes }, { mallId }) => refreshes.wish(mallId, 1)),
  },
  'ends of refreshes': {
    words: 'closed as (',
    ask: all(({ refreshes }, { refresh }) => refreshes.close(refresh.attemptId, closure)),
  },
  'ends of exchanges': {
    words: 'closed as (',
    ask: all(({ attempts }, { exchange }) => attempts.close(exchange.attemptId, closure)),
  },
  'refreshed grants': {
    words: 'update cafe24.oauth_tokens stored',
    ask: all(({ refreshed }, { refresh }) =>
      refreshed.commit(refresh, toSave(someGrant(refresh.subject), refresh), false),
    ),
  },
  'issued grants': {
    words: 'insert into cafe24.oauth_tokens as stored',
    ask: all(({ tokens }, { exchange }) =>
      tokens.commit(exchange, toSave(someGrant(exchange.subject), exchange), false),
    ),
  },
  'begins of exchanges': {
    words: 'insert into cafe24.token_attempts',
    ask: all(({ codes }, { waitingMallId, waitingCodeId }) =>
      codes.begin(beginRequest(waitingMallId, waitingCodeId)),
    ),
  },
  'ended leases of refreshes': {
    words: 'set lease_until = cafe24.clock()',
    ask: all(({ attempts }, { refresh }) => attempts.endLease(refresh.attemptId)),
  },
  'published outcomes of refreshes': {
    words: 'set published_at = cafe24.clock()',
    ask: all(({ attempts }, { refresh }) => attempts.markPublished(refresh.attemptId)),
  },
  'confirmed warnings': {
    words: "interval '5 minutes'",
    ask: ({ counted }, malls) =>
      postgresSchedule(counted.database).confirmWarned(malls.map(({ mallId }) => mallId)),
  },
  'confirmed announcements': {
    words: "set announce_again_at = 'infinity'",
    ask: ({ counted }, malls) =>
      postgresAnnouncements(counted.database).confirm(
        malls.flatMap(({ codeId, waitingCodeId }) => [codeId, waitingCodeId]),
      ),
  },
} as const satisfies Record<string, Deed>;

/** Each locks what it says of the mall in the middle. */
const LOCKS = {
  row: 'select from cafe24.oauth_tokens where mall_id = $1 for update',
  schedule: 'select from cafe24.refresh_schedule where mall_id = $1 for update',
  attempts: 'select from cafe24.token_attempts where mall_id = $1 for update',
  code: 'select from cafe24.oauth_authorization_codes where mall_id = $1 for update',
  'waiting code': `select from cafe24.oauth_authorization_codes
                    where mall_id = $1 || '-waiting' for update`,
} as const;

describe('two batches about the same malls, given in opposite order', () => {
  // On a machine that is busy a wait may end by its time-out before the lock is given up.
  it.each([
    ['wishes', 'wishes', 'schedule'],
    ['ends of refreshes', 'ends of refreshes', 'attempts'],
    ['ends of refreshes', 'wishes', 'schedule'],
    ['ends of exchanges', 'ends of exchanges', 'code'],
    ['ends of exchanges', 'issued grants', 'attempts'],
    ['refreshed grants', 'refreshed grants', 'row'],
    ['refreshed grants', 'ends of refreshes', 'attempts'],
    ['refreshed grants', 'wishes', 'schedule'],
    ['issued grants', 'issued grants', 'row'],
    ['issued grants', 'wishes', 'schedule'],
    ['issued grants', 'refreshed grants', 'row'],
    ['issued grants', 'confirmed announcements', 'code'],
    ['ended leases of refreshes', 'ends of refreshes', 'attempts'],
    ['published outcomes of refreshes', 'ends of refreshes', 'attempts'],
    ['confirmed warnings', 'wishes', 'schedule'],
    ['begins of exchanges', 'begins of exchanges', 'waiting code'],
    ['begins of exchanges', 'confirmed announcements', 'waiting code'],
  ] as const)('%s and %s wait for each other and never deadlock', { retry: 2 }, async (...them) => {
    const [oneName, otherName, lock] = them;
    const [one, other] = [DEEDS[oneName], DEEDS[otherName]];
    const malls = await prepareMalls();
    const [left, right] = sides;
    const before = [left.counted.count(one.words), right.counted.count(other.words)] as const;
    // Both come as far as the mall in the middle: what they hold by then shows their order.
    await whileLocked(LOCKS[lock], malls[MALLS / 2]!.mallId, async () => {
      const doing = [one.ask(left, malls), other.ask(right, malls.toReversed())];
      await expect.poll(blocked, { interval: 10 }).toBe(2);
      return doing;
    });
    expect([
      left.counted.count(one.words) - before[0],
      right.counted.count(other.words) - before[1],
    ]).toEqual([1, 1]);
  });
});

/** Gives the lock up when the work has begun, and waits for what it began. */
async function whileLocked(
  lock: string,
  mallId: string,
  begin: () => Promise<readonly Promise<unknown>[]>,
): Promise<void> {
  const { PGHOST: host, PGPORT: port, PGUSER: user, PGDATABASE: database } = test.config;
  const client = new pg.Client({ host, port, user, database, password: test.password });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(lock, [mallId]);
    const doing = await begin();
    await client.query('commit');
    await Promise.all(doing);
  } finally {
    await client.end();
  }
}

/** How many statements wait for a lock. */
async function blocked(): Promise<unknown> {
  const [row] = await test.sql(
    `select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.['waiting'];
}
