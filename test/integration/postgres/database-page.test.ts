import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { cafe24Tokens } from '#client/index.ts';
import { MigrationStage } from '#test/support/migration-stage.ts';
import { predecessorTables } from '#test/support/predecessor-tables.ts';

const page = readFileSync(new URL('../../../docs/database.md', import.meta.url), 'utf8');
/** The page's SQL by the section that it stands in. */
const sqlOf = (section: string) => {
  const text = page.split(/^## /m).find((it) => it.startsWith(section)) ?? '';
  return [...text.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = '']) => sql);
};

const stage = new MigrationStage();
/** Roles are the whole server's, so each test has its own. */
let suffix = '';
let database = '';
const named = (sql: string) =>
  sql
    .replaceAll(/\b(shop_(reader|writer)|(?<!_)tokenline(?!_))\b/g, `$1_${suffix}`)
    .replaceAll('database shop ', `database ${database} `);
const follow = async (section: string) => {
  const blocks = sqlOf(section);
  expect(blocks).not.toEqual([]);
  for (const sql of blocks) await stage.sql(named(sql));
};
const loggedIn = async (role: string) => {
  const client = new pg.Client({
    ...inject('localAws').postgres,
    ...{ database, user: named(role), password: 'change-me' },
  });
  await client.connect();
  return client;
};

beforeEach(async () => {
  suffix = randomUUID().slice(0, 8);
  const [found] = await stage.sql('select current_database() as database');
  database = String(found?.['database']);
  for (const role of ['shop_reader', 'shop_writer']) {
    await stage.sql(`create role ${named(role)} login password 'change-me'`);
  }
});
afterEach(async () => {
  for (const role of ['tokenline', 'shop_reader', 'shop_writer'].map(named)) {
    await stage.sql(
      `reassign owned by ${role} to postgres; drop owned by ${role}; drop role ${role}`,
    );
  }
});

describe('the SQL of docs/database.md', () => {
  it('lets tokenline deploy into an empty database', async () => {
    await follow('The role that tokenline uses');
    stage.deployAs({ user: named('tokenline'), password: 'change-me' });
    expect(await stage.deploy()).not.toEqual([]);
    await stage.sql(`revoke create on database ${database} from ${named('tokenline')}`);
    expect(await stage.deploy()).toEqual([]);
  });

  it('lets it adopt tables, who filled them go on, and readers read five columns', async () => {
    await stage.sql(predecessorTables());
    await follow('The role that tokenline uses');
    await follow('Where the tables are there already');
    stage.deployAs({ user: named('tokenline'), password: 'change-me' });
    expect(await stage.deploy()).not.toEqual([]);
    await follow('Who reads tokens');

    const writer = await loggedIn('shop_writer');
    await writer.query(`
      insert into cafe24.oauth_authorization_codes (mall_id, code) values ('new-mall', 'new-code');
      insert into cafe24.oauth_tokens (access_token, expires_at, refresh_token, mall_id)
      values ('new-access', now() + interval '2 hours', 'new-refresh', 'new-mall')
      on conflict (mall_id) do update set access_token = excluded.access_token;
      delete from cafe24.oauth_authorization_codes where mall_id = 'new-mall'`);
    await writer.end();

    const reader = await loggedIn('shop_reader');
    const tokens = cafe24Tokens({
      database: reader,
      publisher: { publish: () => Promise.resolve() },
    });
    expect(await tokens.cafe24Token('new-mall')).toMatchObject({ accessToken: 'new-access' });
    for (const forbidden of [
      'select refresh_token from cafe24.oauth_tokens',
      'select * from cafe24.oauth_tokens',
      'select code from cafe24.oauth_authorization_codes',
      `update cafe24.oauth_tokens set status = 'active'`,
    ]) {
      await expect(reader.query(forbidden)).rejects.toThrow('permission denied');
    }
    await reader.end();
  });
});
