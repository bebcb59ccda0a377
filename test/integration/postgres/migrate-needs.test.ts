import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it, test } from 'vitest';
import { poolerRefusal } from '#shared/postgres/own-session.ts';
import { MigrationStage } from '#test/support/migration-stage.ts';
import { predecessorTables } from '#test/support/predecessor-tables.ts';
import { startPooler, type Pooler } from '#test/support/pooler.ts';

const stage = new MigrationStage();
const role = `deployer_${randomUUID().slice(0, 8)}`;

/** What a role can be refused, each followed by the SQL that mends it. */
async function needsOf(deploy: Promise<unknown>): Promise<string[]> {
  const error: unknown = await deploy.then(
    () => new Error('It was deployed.'),
    (thrown: unknown) => thrown,
  );
  const [what = '', ...needs] = (error as Error).message
    .replace(/\.$/, '')
    .replace('nothing was changed: ', 'nothing was changed; ')
    .split('; ');
  expect(what).toBe('The database is not fit for tokenline, nothing was changed');
  return needs;
}

const cureOf = (need: string) => need.slice(need.indexOf(': ') + 2).replace(/, or .*/, '');

describe('a role that has rights on the schema cafe24 only', () => {
  beforeEach(async () => {
    await stage.sql(`
      ${predecessorTables()};
      create function cafe24.of_another() returns int language sql return 1;
      create role ${role} login password 'secret';
      grant usage on schema cafe24 to ${role};
      grant select, insert, update on all tables in schema cafe24 to ${role}`);
    stage.deployAs({ user: role, password: 'secret' });
  });
  afterEach(async () => {
    await stage.sql(
      `reassign owned by ${role} to postgres; drop owned by ${role}; drop role ${role}`,
    );
  });

  it('is told all that it lacks at once, with the SQL that grants it', async () => {
    const [{ database } = {}] = await stage.sql('select current_database() as database');
    const needs = await needsOf(stage.deploy());
    expect(needs.map(cureOf).sort()).toEqual(
      [
        `grant create on database ${String(database)} to ${role}`,
        `grant create on schema cafe24 to ${role}`,
        `grant create on schema public to ${role}`,
        `alter table cafe24.oauth_tokens owner to ${role}`,
        `alter table cafe24.oauth_authorization_codes owner to ${role}`,
        `alter function cafe24.of_another() owner to ${role}`,
      ].sort(),
    );
    expect(await stage.sql(`select to_regclass('public.tokenline_migrations') as record`)).toEqual([
      { record: null },
    ]);
  });

  it('is told of rows that are hidden from it', async () => {
    await stage.sql('alter table cafe24.oauth_tokens enable row level security');
    expect((await needsOf(stage.deploy())).map(cureOf)).toContain(
      'alter table cafe24.oauth_tokens disable row level security',
    );
  });

  it('deploys with what it was told to be granted, and nothing else', async () => {
    for (const need of await needsOf(stage.deploy())) await stage.sql(cureOf(need));
    expect(await stage.deploy()).not.toEqual([]);
    expect(await stage.deploy()).toEqual([]);
  });
});

describe('a database', () => {
  it('whose transactions only read is refused', async () => {
    await stage.sql(`do $$ begin
      execute format('alter database %I set default_transaction_read_only = on', current_database());
    end $$`);
    expect((await needsOf(stage.deploy())).map(cureOf)).toEqual([
      'alter role postgres set default_transaction_read_only = off',
    ]);
  });

  it('in another encoding than UTF8 is refused', async () => {
    const database = `latin_${randomUUID().slice(0, 8)}`;
    await stage.sql(`create database ${database} encoding 'LATIN1' template template0`);
    stage.deployAs({ database });
    expect(await needsOf(stage.deploy())).toEqual([
      expect.stringContaining('encoding is LATIN1, tokenline needs UTF8'),
    ]);
    await stage.sql(`drop database ${database} with (force)`);
  });

  it('with codes as another document has them is told to have some that nobody reads', async () => {
    await stage.sql(`create schema cafe24; create table cafe24.authorization_codes
      (id bigserial primary key, code text, state text, created_at timestamptz)`);
    expect(await stage.migrated()).toMatchObject({
      notes: [expect.stringMatching(/^cafe24\.authorization_codes is there and not read/)],
    });
  });

  it('without them is told nothing', async () => {
    expect(await stage.migrated()).toMatchObject({ notes: [] });
  });
});

describe('a pooler between', () => {
  let pooler: Pooler;
  const between = async (pooling: 'session' | 'transaction') => {
    pooler = await startPooler(inject('localAws').postgres, pooling);
    stage.deployAs({ port: pooler.port });
  };
  afterEach(() => pooler.stop());

  it('that pools by transaction is found out, and nothing was changed', async () => {
    await between('transaction');
    await expect(stage.deploy()).rejects.toThrow(
      'stands a pooler that pools by transaction: locks and time-outs of a session mean nothing there. Name the database itself in PGHOST',
    );
    expect(await stage.sql(`select to_regnamespace('cafe24') as schema`)).toEqual([
      { schema: null },
    ]);
  });

  it('that pools by session is none of our business', async () => {
    await between('session');
    expect(await stage.deploy()).not.toEqual([]);
  });
});

test('a pooler that takes no time-outs with a login is told to be one', () => {
  const refusal = new Error('unsupported startup parameter: lock_timeout');
  expect(poolerRefusal(refusal)).toMatchObject({
    message: expect.stringMatching(/^A pooler answered in the database's place/) as string,
    cause: refusal,
  });
});
