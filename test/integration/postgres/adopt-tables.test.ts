import { describe, expect, it } from 'vitest';
import { MigrationStage } from '#test/support/migration-stage.ts';
import { CODES, INDEX, predecessorTables, TOKENS } from '#test/support/predecessor-tables.ts';

const stage = new MigrationStage();

const predecessor = (...changes: string[]) => stage.sql(predecessorTables(...changes));

/** All that a database has: columns, constraints, indexes, functions, triggers and rows. */
async function everything(): Promise<unknown> {
  const catalog = await stage.sql(`
    select 'column' as kind, table_schema || '.' || table_name || '.' || column_name as name,
           data_type || ' ' || coalesce(column_default, '') || is_nullable as is
      from information_schema.columns where table_schema in ('cafe24', 'public')
    union all
    select 'constraint', conname, pg_get_constraintdef(oid) from pg_constraint
     where connamespace in (select oid from pg_namespace where nspname in ('cafe24', 'public'))
    union all
    select 'index', indexname, indexdef from pg_indexes where schemaname in ('cafe24', 'public')
    union all
    select 'function', proname, '' from pg_proc
     where pronamespace in (select oid from pg_namespace where nspname in ('cafe24', 'public'))
    union all
    select 'trigger', tgname, '' from pg_trigger where not tgisinternal
    order by 1, 2, 3`);
  const rows = await stage.sql(`
    select query_to_xml('select * from cafe24.oauth_tokens order by 1', true, true, '')::text as tokens,
           query_to_xml('select * from cafe24.oauth_authorization_codes order by 1', true, true, '')::text as codes`);
  return { catalog, rows };
}

describe('the tables of a predecessor', () => {
  it('are adopted with their rows, also with a code that is there twice', async () => {
    await predecessor();
    expect(await stage.deploy()).toHaveLength(7);
    expect(
      await stage.sql('select id, refresh_token, scopes, version, status from cafe24.oauth_tokens'),
    ).toEqual([
      {
        id: '1',
        refresh_token: 'old-refresh',
        scopes: ['mall.read_order'],
        version: '1',
        status: 'active',
      },
    ]);
    expect(
      await stage.sql(`select code, status, received_at = created_at as same
                         from cafe24.oauth_authorization_codes order by id`),
    ).toEqual([
      { code: 'old-code', status: 'expired', same: true },
      { code: 'old-code', status: 'expired', same: true },
      { code: 'other-code', status: 'expired', same: true },
    ]);
    expect(await stage.sql('select mall_id from cafe24.refresh_schedule')).toEqual([
      { mall_id: 'old-mall' },
    ]);
  });

  it.each([
    ['only the tokens', `create schema cafe24; ${TOKENS} ${INDEX}`],
    ['only the tokens, without their index', `create schema cafe24; ${TOKENS}`],
    ['only the codes', `create schema cafe24; ${CODES}`],
    ['only the schema', 'create schema cafe24'],
    [
      'a column of its own that may be empty',
      `create schema cafe24; ${TOKENS}
       alter table cafe24.oauth_tokens add column shop_no int, add column note text not null default ''`,
    ],
    [
      'identities instead of sequences',
      `create schema cafe24; ${CODES}
       alter table cafe24.oauth_authorization_codes alter column id drop default,
         alter column id add generated always as identity`,
    ],
  ])('are adopted where there is %s', async (_, tables) => {
    await stage.sql(tables);
    expect(await stage.deploy()).toHaveLength(7);
  });

  const tokens = 'cafe24.oauth_tokens';
  const codes = 'cafe24.oauth_authorization_codes';
  const alter = (table: string, change: string) => `alter table ${table} ${change}`;

  it.each([
    [`${tokens}.scopes: is missing`, alter(tokens, 'drop column scopes')],
    [
      `${tokens}.scopes: expected text[], found text`,
      alter(tokens, `alter column scopes type text using array_to_string(scopes, ' ')`),
    ],
    [
      `${tokens}.expires_at: expected timestamp with time zone, found timestamp without time zone`,
      alter(tokens, 'alter column expires_at type timestamp'),
    ],
    [
      `${tokens}.access_token: expected text, found character varying(255)`,
      alter(tokens, 'alter column access_token type varchar(255)'),
    ],
    [`${tokens}.id: expected bigint, found integer`, alter(tokens, 'alter column id type integer')],
    [
      `${tokens}.id: expected the primary key`,
      alter(tokens, 'drop constraint oauth_tokens_pkey, alter column id set not null'),
    ],
    [
      `${tokens}.id: expected a default (a sequence) or an identity`,
      alter(tokens, 'alter column id drop default'),
    ],
    [
      `${tokens}.refresh_token: expected not null`,
      alter(tokens, 'alter column refresh_token drop not null'),
    ],
    [
      `${tokens}.shop_no: tokenline does not know it, so it needs a default or must allow null`,
      `${alter(tokens, 'add column shop_no int not null default 1')};
       ${alter(tokens, 'alter column shop_no drop default')}`,
    ],
    [
      `${tokens}.version: is there already, but tokenline adds a column of this name`,
      alter(tokens, 'add column version text'),
    ],
    [
      `${tokens}.status: expected no check constraint, found known_states`,
      alter(tokens, `add constraint known_states check (status in ('active', 'expired'))`),
    ],
    [
      `${tokens}.mall_id: 1 malls with several rows`,
      `drop index cafe24.ux_oauth_tokens_mall_id;
       insert into ${tokens} (access_token, expires_at, refresh_token, mall_id)
       values ('a', now(), 'r', 'old-mall')`,
    ],
    [
      `${tokens}.mall_id: 1 index ux_oauth_tokens_mall_id that is not unique over mall_id alone`,
      `drop index cafe24.ux_oauth_tokens_mall_id;
       create index ux_oauth_tokens_mall_id on ${tokens} (mall_id)`,
    ],
    [
      `${tokens}.mall_id: 1 index ux_oauth_tokens_mall_id that is not unique over mall_id alone`,
      `drop index cafe24.ux_oauth_tokens_mall_id;
       create unique index ux_oauth_tokens_mall_id on ${tokens} (mall_id) where status = 'active'`,
    ],
    [
      `${tokens}: expected an ordinary table`,
      `${alter(tokens, 'rename to all_tokens')}; create view ${tokens} as select * from cafe24.all_tokens`,
    ],
    [`${codes}.mall_id: is missing`, alter(codes, 'rename column mall_id to mall')],
    [
      `${codes}.created_at: expected a default or to allow null`,
      alter(codes, 'alter column created_at drop default, alter column created_at set not null'),
    ],
    [`${codes}.created_at: is missing`, alter(codes, 'drop column created_at')],
    [
      `${codes}.created_at: expected timestamp with time zone, found timestamp without time zone`,
      alter(codes, 'alter column created_at type timestamp'),
    ],
    [`${codes}.id: expected bigint, found integer`, alter(codes, 'alter column id type integer')],
    [
      `${codes}.id: expected the primary key`,
      alter(codes, 'drop constraint oauth_authorization_codes_pkey, alter column id set not null'),
    ],
    [
      `${codes}.status: is there already, but tokenline adds a column of this name`,
      alter(codes, `add column status text default 'new'`),
    ],
    [`${codes}.code: 3 rows without a value`, `update ${codes} set code = null`],
    [
      `${codes}.created_at: 1 rows without a value`,
      `update ${codes} set created_at = null where code = 'other-code'`,
    ],
  ])('are refused with "%s", and nothing was changed', async (problem, change) => {
    await predecessor(change);
    const before = await everything();
    await expect(stage.deploy()).rejects.toThrow(
      `The tables that are there can not be adopted, nothing was changed: ${problem}.`,
    );
    expect(await everything()).toEqual(before);
  });

  it('are refused with every column at once', async () => {
    await predecessor(
      alter(tokens, 'drop column user_id, alter column issued_at type timestamp'),
      alter(codes, 'drop column code'),
    );
    await expect(stage.deploy()).rejects.toThrow(
      new RegExp(
        [
          `${tokens}.user_id: is missing`,
          `${tokens}.issued_at: expected timestamp with time zone, found .*`,
          `${codes}.code: is missing`,
        ].join('; '),
      ),
    );
  });

  it('are adopted once they have been put right', async () => {
    await predecessor(alter(tokens, 'rename column scopes to scope'));
    await expect(stage.deploy()).rejects.toThrow(`${tokens}.scopes: is missing`);
    await stage.sql(alter(tokens, 'rename column scope to scopes'));
    expect(await stage.deploy()).toHaveLength(7);
  });

  it('are looked at before the first migration only', async () => {
    await predecessor();
    await stage.deploy();
    await stage.sql(alter(codes, `add column note text not null default ''`));
    expect(await stage.deploy()).toEqual([]);
  });

  it('and the check know every column that the migrations add', async () => {
    await predecessor();
    const columns = async () =>
      (
        await stage.sql(`
          select 'cafe24.' || table_name || '.' || column_name as column
            from information_schema.columns
           where table_name in ('oauth_tokens', 'oauth_authorization_codes')`)
      ).map(({ column }) => String(column));
    const before = new Set(await columns());
    await stage.deploy();
    await stage.sql('drop table public.tokenline_migrations');
    const added = (await columns()).filter((column) => !before.has(column));
    expect(added.length).toBeGreaterThan(5);
    for (const column of added) {
      await expect(stage.deploy()).rejects.toThrow(`${column}: is there already`);
    }
  });
});
