import pg from 'pg';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import {
  migrateDatabase,
  type Migration,
  type MigrationSession,
} from '#functions/migrate-database/migrate-database.ts';
import { readMigrations } from '#functions/migrate-database/dependencies.ts';
import type { PostgresConfig } from '#shared/postgres/config.ts';
import { postgresMigrationSession } from '#shared/postgres/migration-session.ts';
import { createEmptyDatabase } from '#test/support/database.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const { postgres } = inject('localAws');
let config: PostgresConfig;
beforeEach(async () => {
  config = await createEmptyDatabase(postgres);
});

const alone = <Result>(work: (session: MigrationSession) => Promise<Result>) =>
  postgresMigrationSession(config, () => Promise.resolve(postgres.password), work);
const refresh = { marginSeconds: 900, jitterSeconds: 900 };

/** Files of the test's own, on a database that has nothing to configure. */
const migrate = (migrations: readonly Migration[]) =>
  migrateDatabase({
    migrations,
    refresh,
    log: recordingLog(),
    alone: (work) => alone((session) => work({ ...session, configure: () => Promise.resolve() })),
  });

/** The project's own files, as a deploy does it. */
const deploy = (settings = refresh) =>
  migrateDatabase({
    migrations: readMigrations(),
    refresh: settings,
    log: recordingLog(),
    alone,
  });

async function sql(text: string): Promise<unknown[]> {
  const client = new pg.Client({ ...postgres, database: config.PGDATABASE });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const first = { name: '001-first.sql', sql: 'create table one (id int)' };
const second = { name: '002-second.sql', sql: 'create table two (id int)' };

describe('migrate-database', () => {
  it('applies what is new, in order, and nothing the second time', async () => {
    expect(await migrate([first])).toEqual(['001-first.sql']);
    expect(await migrate([first, second])).toEqual(['002-second.sql']);
    expect(await migrate([first, second])).toEqual([]);
  });

  it('applies each file once when two deploys migrate at once', async () => {
    const both = await Promise.all([migrate([first, second]), migrate([first, second])]);
    expect(both.flat().sort()).toEqual(['001-first.sql', '002-second.sql']);
  });

  it('leaves nothing of a file that fails, keeps those before it, and names it', async () => {
    const broken = { name: '002-broken.sql', sql: 'create table two (id int); select 1/0' };
    await expect(migrate([first, broken])).rejects.toThrow('002-broken.sql');
    const tables = await sql(`select tablename from pg_tables where tablename in ('one', 'two')`);
    expect(tables).toEqual([{ tablename: 'one' }]);
    expect(await migrate([first, second])).toEqual(['002-second.sql']);
  });

  it('refuses a file that was changed after it was applied', async () => {
    await migrate([first]);
    const changed = { ...first, sql: 'create table other (id int)' };
    await expect(migrate([changed])).rejects.toThrow('001-first.sql was changed');
  });

  it('refuses a database that is ahead of the release', async () => {
    await migrate([first, second]);
    await expect(migrate([first])).rejects.toThrow('002-second.sql was applied');
  });

  it('adopts the tables of a predecessor with their rows', async () => {
    await sql(`
      create schema cafe24;
      create table cafe24.oauth_tokens (
        id bigserial primary key, access_token text not null, expires_at timestamptz not null,
        refresh_token text not null, refresh_token_expires_at timestamptz default now() not null,
        client_id text, mall_id text not null, user_id text, scopes text[],
        token_type text default 'bearer'::text not null, issued_at timestamptz default now() not null,
        updated_at timestamptz default now() not null, status text default 'active'::text not null);
      create unique index ux_oauth_tokens_mall_id on cafe24.oauth_tokens (mall_id);
      insert into cafe24.oauth_tokens (access_token, expires_at, refresh_token, mall_id)
        values ('old-access', now(), 'old-refresh', 'old-mall');
      create table cafe24.oauth_authorization_codes (
        id bigserial primary key, mall_id text not null, code text not null,
        created_at timestamptz not null default now());
      insert into cafe24.oauth_authorization_codes (mall_id, code) values ('old-mall', 'old-code')`);
    await deploy();
    expect(await sql('select refresh_token, version from cafe24.oauth_tokens')).toEqual([
      { refresh_token: 'old-refresh', version: '1' },
    ]);
    expect(
      await sql(`select status, received_at = created_at as same
                   from cafe24.oauth_authorization_codes`),
    ).toEqual([{ status: 'expired', same: true }]);
  });

  it('moves due dates when the margin is configured anew, but wakes no mall that rests', async () => {
    await deploy({ marginSeconds: 900, jitterSeconds: 0 });
    await sql(`
      insert into cafe24.oauth_tokens (access_token, expires_at, refresh_token, mall_id)
        values ('a', '2030-01-01T12:00:00Z', 'r', 'calm-mall'),
               ('b', '2030-01-01T12:00:00Z', 's', 'resting-mall');
      update cafe24.refresh_schedule set failures = 1, due_at = '2030-01-01T11:59:00Z'
       where mall_id = 'resting-mall'`);
    await deploy({ marginSeconds: 60, jitterSeconds: 0 });
    expect(
      await sql(`select mall_id, to_char(due_at at time zone 'utc', 'HH24:MI') as due
                   from cafe24.refresh_schedule order by mall_id`),
    ).toEqual([
      { mall_id: 'calm-mall', due: '11:59' },
      { mall_id: 'resting-mall', due: '11:59' },
    ]);
    await deploy({ marginSeconds: 1_800, jitterSeconds: 0 });
    expect(
      await sql(`select mall_id, to_char(due_at at time zone 'utc', 'HH24:MI') as due
                   from cafe24.refresh_schedule order by mall_id`),
    ).toEqual([
      { mall_id: 'calm-mall', due: '11:30' },
      { mall_id: 'resting-mall', due: '11:59' },
    ]);
  });
});
