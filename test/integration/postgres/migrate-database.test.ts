import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Migration } from '#functions/migrate-database/migrate-database.ts';
import { MigrationStage } from '#test/support/migration-stage.ts';

const stage = new MigrationStage();
const migrate = (migrations: readonly Migration[]) => stage.migrate(migrations);

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
    const tables = await stage.sql(
      `select tablename from pg_tables where tablename in ('one', 'two')`,
    );
    expect(tables).toEqual([{ tablename: 'one' }]);
    expect(await migrate([first, second])).toEqual(['002-second.sql']);
  });

  it('tells of a file that fails its SQLSTATE, and of no row', async () => {
    const broken = {
      name: '002-broken.sql',
      sql: `create table two (token text); insert into two values ('a-secret-token');
            alter table two alter token type int using token::int`,
    };
    const thrown: unknown = await migrate([first, broken]).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      message: 'Migration 002-broken.sql failed: Postgres refused the row: 22P02.',
    });
    expect(inspect(thrown, { depth: 10, showHidden: true })).not.toContain('a-secret-token');
  });

  it('says that nobody answers where the database is to be', async () => {
    stage.deployAs({ port: 9 });
    await expect(migrate([first])).rejects.toThrow('Postgres can not be reached.');
  });

  it('waits no longer for a server that answers no more than it is set up to', async () => {
    stage.deployAs({ answerMs: 500 });
    const silent = { name: '001-silent.sql', sql: 'create table one (id int); select pg_sleep(5)' };
    const beganMs = performance.now();
    await expect(migrate([silent])).rejects.toThrow(
      'Migration 001-silent.sql failed: Postgres can not be reached.',
    );
    expect(performance.now() - beganMs).toBeLessThan(3_000);
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

  it('takes a database that is ahead by what older releases work on with', async () => {
    const compatible = {
      name: '002-second.sql',
      sql: '-- Two.\n-- compatible: yes\ncreate table two (id int)',
    };
    const third = { name: '003-third.sql', sql: 'create table three (id int)' };
    await migrate([first, compatible]);
    expect(await migrate([first])).toEqual([]);
    expect(await migrate([first, compatible, third])).toEqual(['003-third.sql']);
    await expect(migrate([first])).rejects.toThrow('003-third.sql was applied');
  });

  it('takes a record that a release from before compatibility has made', async () => {
    await migrate([first]);
    await stage.sql('alter table public.tokenline_migrations drop column is_compatible');
    expect(await migrate([first])).toEqual([]);
    expect(await migrate([first, second])).toEqual(['002-second.sql']);
  });

  it('moves due dates when the margin is configured anew, but wakes no mall that rests', async () => {
    await stage.deploy({ marginSeconds: 900, jitterSeconds: 0 });
    await stage.sql(`
      insert into cafe24.oauth_tokens (access_token, expires_at, refresh_token, mall_id, status)
        values ('a', '2030-01-01T12:00:00Z', 'r', 'calm-mall', 'active'),
               ('a', '2030-01-01T12:00:00Z', 'r', 'loud-mall', 'Active '),
               ('b', '2030-01-01T12:00:00Z', 's', 'resting-mall', 'active');
      update cafe24.refresh_schedule set failures = 1, due_at = '2030-01-01T11:59:00Z'
       where mall_id = 'resting-mall'`);
    await stage.deploy({ marginSeconds: 60, jitterSeconds: 0 });
    expect(
      await stage.sql(`select mall_id, to_char(due_at at time zone 'utc', 'HH24:MI') as due
                   from cafe24.refresh_schedule order by mall_id`),
    ).toEqual([
      { mall_id: 'calm-mall', due: '11:59' },
      { mall_id: 'loud-mall', due: '11:59' },
      { mall_id: 'resting-mall', due: '11:59' },
    ]);
    await stage.deploy({ marginSeconds: 1_800, jitterSeconds: 0 });
    expect(
      await stage.sql(`select mall_id, to_char(due_at at time zone 'utc', 'HH24:MI') as due
                   from cafe24.refresh_schedule order by mall_id`),
    ).toEqual([
      { mall_id: 'calm-mall', due: '11:30' },
      { mall_id: 'loud-mall', due: '11:30' },
      { mall_id: 'resting-mall', due: '11:59' },
    ]);
  });
});
