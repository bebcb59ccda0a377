import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { postgresDatabase } from '#shared/postgres/database.ts';
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
const slow = { text: 'select pg_sleep(0.5)', values: [], row: z.unknown() };
const unavailable = { code: 'database-unavailable', fate: 'retry' };

describe('a connection that Postgres ends', () => {
  it('between the statements of a transaction fails the transaction, not the process', async () => {
    const broken = test.database.transaction(async (run) => {
      await run({ text: 'select 1', values: [], row: z.unknown() });
      await endOtherConnections();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return await run({ text: 'select 2', values: [], row: z.unknown() });
    });
    await expect(broken).rejects.toMatchObject(unavailable);
  });

  it.each(['run', 'runFresh'] as const)('during %s fails the statement', async (way) => {
    const broken = test.database[way](slow);
    const ended = new Promise((resolve) => setTimeout(resolve, 150)).then(endOtherConnections);
    await expect(broken).rejects.toMatchObject(unavailable);
    await ended;
  });
});

describe('a connection that took most of the time of its statement', () => {
  it.each(['run', 'runFresh'] as const)('leaves %s only the rest', async (way) => {
    const password = async () => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      return test.password;
    };
    const database = postgresDatabase(test.config, password, recordingLog());
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
