import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMigrations } from '#functions/migrate-database/dependencies.ts';
import { MigrationStage } from '#test/support/migration-stage.ts';
import { predecessorTables } from '#test/support/predecessor-tables.ts';

const stage = new MigrationStage();
let reader: pg.Client;

/** Somebody who began to read the tokens, and has not finished. */
async function beginReading(): Promise<void> {
  reader = await stage.connect();
  await reader.query(
    `set application_name = 'a report'; begin; select count(*) from cafe24.oauth_tokens`,
  );
}

beforeEach(async () => {
  await stage.sql(predecessorTables());
  await beginReading();
});
afterEach(() => reader.end());

describe('a deploy beside a transaction that goes on', () => {
  it('lets everybody else read meanwhile, and goes on when it is over', async () => {
    const deployed = stage.deploy();
    const waitsMs: number[] = [];
    for (let times = 0; times < 20; times++) {
      const beganMs = performance.now();
      await stage.sql('select access_token from cafe24.oauth_tokens');
      waitsMs.push(performance.now() - beganMs);
    }
    await expect
      .poll(() =>
        stage
          .sql(
            `select from pg_stat_activity where query like '%create schema if not exists cafe24%'
          and application_name = 'tokenline migrate-database'`,
          )
          .then(({ length }) => length),
      )
      .toBeGreaterThan(0);
    await reader.query('commit');
    expect(await deployed).toHaveLength(readMigrations().length);
    expect(Math.max(...waitsMs)).toBeLessThan(1_000);
  });

  it('ends with the name of who holds what, if it never ends, and has changed nothing', async () => {
    stage.deployAs({ patienceMs: 1_500 });
    await expect(stage.deploy()).rejects.toThrow(
      /Migration 001-cafe24-grants.sql failed: A lock was not to be had in time\. Held by: session \d+ \(user postgres, a report\) on cafe24\.oauth_tokens since 20/,
    );
    await reader.query('commit');
    expect(await stage.sql(`select to_regclass('public.tokenline_migrations') as record`)).toEqual([
      { record: null },
    ]);
    stage.deployAs({});
    expect(await stage.deploy()).toHaveLength(readMigrations().length);
  });
});

describe('a deploy whose connection is lost', () => {
  it.each([
    ['while it waits for a lock', `query like '%create schema%'`],
    ['while it rests between two tries', `state = 'idle' and query = 'rollback'`],
  ])('%s says so, ends nobody else, and is made good by the next', async (_, moment) => {
    const deployed = stage.deploy();
    deployed.catch(() => undefined);
    await expect

      .poll(
        async () => {
          const ended = await stage.sql(
            `select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'tokenline migrate-database'
              and datname = current_database() and ${moment}`,
          );
          return ended.length;
        },
        { interval: 20 },
      )
      .toBeGreaterThan(0);
    await expect(deployed).rejects.toThrow('Migration 001-cafe24-grants.sql failed: ');
    await reader.query('commit');
    expect(await stage.deploy()).toHaveLength(readMigrations().length);
  });
});
