import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { postgresDatabase, type Database } from '#shared/postgres/database.ts';
import { fixedSecret } from '#shared/ssm/secret.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { recordingLog } from '#test/support/recording-log.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase(inject('localAws').postgres);
});
afterAll(() => test.drop());

const endOtherConnections = () =>
  test.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  );
/** In its middle, whenever that is. */
const endsItself = {
  text: 'select pg_terminate_backend(pg_backend_pid()), pg_sleep(0.5)',
  values: [],
  row: z.unknown(),
};
const unavailable = { code: 'database-unavailable', fate: 'retry' };

describe('a connection that Postgres ends', () => {
  it('between the statements of a transaction fails the transaction, not the process', async () => {
    const broken = test.database.transaction(async (run) => {
      await run({ text: 'select 1', values: [], row: z.unknown() });
      await endOtherConnections();
      await pause(50);
      return await run({ text: 'select 2', values: [], row: z.unknown() });
    });
    await expect(broken).rejects.toMatchObject(unavailable);
  });

  it.each(['run', 'runFresh'] as const)('during %s fails the statement', async (way) => {
    await expect(test.database[way](endsItself)).rejects.toMatchObject(unavailable);
  });
});

describe('a connection that took most of the time of its statement', () => {
  it.each(['run', 'runFresh'] as const)('leaves %s only the rest', async (way) => {
    const password = fixedSecret(test.password);
    const slowly = { ...password, read: () => pause(700, test.password) };
    const database = postgresDatabase(test.config, slowly, recordingLog());
    // Neither alone is too long.
    const broken = database[way]({ text: 'select pg_sleep(0.6)', values: [], row: z.unknown() });
    await expect(broken).rejects.toMatchObject(unavailable);
    await database.end();
  });
});

describe('a connection that nobody uses', () => {
  afterEach(() => vi.useRealTimers());

  it('is still there when a provider has taken its longest to answer', async () => {
    const server = { text: 'select pg_backend_pid() as pid', values: [], row: z.unknown() };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const before = await test.database.run(server);
    vi.advanceTimersByTime(60_000);
    expect(await test.database.run(server)).toEqual(before);
  });
});

describe('a password that was rotated', () => {
  const ROLE = 'rotating';
  const open = async (passwords: readonly string[]) => {
    await test.sql(`drop role if exists ${ROLE}`);
    await test.sql(`create role ${ROLE} login password 'new'`);
    const left = [...passwords];
    let forgotten = 0;
    const password = {
      read: () => Promise.resolve(left[0] ?? 'none'),
      forget: () => {
        forgotten += 1;
        left.shift();
      },
    };
    const config = { ...test.config, PGUSER: ROLE };
    const database = postgresDatabase(config, password, recordingLog());
    return { database, forgotten: () => forgotten };
  };
  const who = { text: 'select current_user as name', values: [], row: z.unknown() };
  const ways = {
    run: (database: Database) => database.run(who),
    runFresh: (database: Database) => database.runFresh(who),
    transaction: (database: Database) => database.transaction((run) => run(who)),
  };

  it.each(Object.entries(ways))('is read once more when it is refused: %s', async (_, ask) => {
    const { database, forgotten } = await open(['old', 'new']);
    expect(await ask(database)).toEqual([{ name: ROLE }]);
    expect(forgotten()).toBe(1);
    await database.end();
  });

  it.each(Object.entries(ways))('is our own fault if it stays wrong: %s', async (_, ask) => {
    const { database, forgotten } = await open(['old', 'old', 'old']);
    await expect(ask(database)).rejects.toMatchObject({ code: 'misconfigured', fate: 'retry' });
    expect(forgotten()).toBe(1);
    await database.end();
  });
});
