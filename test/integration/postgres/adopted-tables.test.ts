import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { MigrationStage } from '#test/support/migration-stage.ts';
import { predecessorTables } from '#test/support/predecessor-tables.ts';

const stage = new MigrationStage();
beforeEach(async () => {
  await stage.sql(predecessorTables());
  await stage.deploy();
});

describe('tables that were adopted', () => {
  it('go on serving who filled them: it inserts a code and upserts a grant as before', async () => {
    await stage.sql(`
      insert into cafe24.oauth_authorization_codes (mall_id, code) values ('old-mall', 'new-code');
      insert into cafe24.oauth_tokens (access_token, expires_at, refresh_token, mall_id)
      values ('new-access', '2030-01-01T02:00:00Z', 'new-refresh', 'old-mall')
      on conflict (mall_id) do update
         set access_token = excluded.access_token, refresh_token = excluded.refresh_token,
             expires_at = excluded.expires_at, updated_at = now()`);
    expect(
      await stage.sql(`select status, code_sha256 = sha256('new-code') as hashed,
                              announce_again_at = '-infinity' as unannounced
                         from cafe24.oauth_authorization_codes where code = 'new-code'`),
    ).toEqual([{ status: 'received', hashed: true, unannounced: true }]);
    expect(await stage.sql('select refresh_token, version from cafe24.oauth_tokens')).toEqual([
      { refresh_token: 'new-refresh', version: '2' },
    ]);
  });

  it('go on taking the same code twice from who filled them, of which one is redeemed', async () => {
    const insert = `insert into cafe24.oauth_authorization_codes (mall_id, code)
                    values ('old-mall', 'same-code')`;
    await stage.sql(`${insert}; ${insert}; ${insert}`);
    expect(
      await stage.sql(`select status, code_sha256 is not null as hashed
                         from cafe24.oauth_authorization_codes where code = 'same-code'
                        order by received_at desc, id`),
    ).toEqual([
      { status: 'received', hashed: true },
      { status: 'superseded', hashed: false },
      { status: 'superseded', hashed: false },
    ]);
  });

  it('go on taking a code that was stored twice from who saves all its columns again', async () => {
    const insert = `insert into cafe24.oauth_authorization_codes (mall_id, code)
                    values ('old-mall', 'same-code')`;
    await stage.sql(`${insert}; ${insert}`);
    await stage.sql(`update cafe24.oauth_authorization_codes set mall_id = mall_id, code = code`);
    expect(
      await stage.sql(`select count(*) filter (where code_sha256 = sha256('same-code'))::int as hashed
                         from cafe24.oauth_authorization_codes where code = 'same-code'`),
    ).toEqual([{ hashed: 1 }]);
    await stage.sql(`update cafe24.oauth_authorization_codes set code = 'changed-code'
                      where code = 'same-code' and code_sha256 is not null`);
    expect(
      await stage.sql(`select code_sha256 = sha256(code::bytea) as hashed
                         from cafe24.oauth_authorization_codes where code = 'changed-code'`),
    ).toEqual([{ hashed: true }]);
  });

  it('count tokens from who filled them as a new grant: the mark of a dead one is over', async () => {
    const store = (token: string) => `
      insert into cafe24.oauth_tokens (access_token, expires_at, refresh_token, mall_id)
      values ('access', '2030-01-01T02:00:00Z', '${token}', 'old-mall')
      on conflict (mall_id) do update set refresh_token = excluded.refresh_token`;
    const mark = `update cafe24.oauth_tokens set status = 'reauthorization-required'`;
    const status = 'select status, version::int from cafe24.oauth_tokens';
    await stage.sql(mark);
    await stage.sql(store('old-refresh'));
    expect(await stage.sql(status)).toEqual([{ status: 'reauthorization-required', version: 1 }]);
    await stage.sql(store('new-refresh'));
    expect(await stage.sql(status)).toEqual([{ status: 'active', version: 2 }]);
    expect(
      await stage.sql(`select due_at = cafe24.refresh_due_at(mall_id, '2030-01-01T00:00:00Z') as due
                         from cafe24.refresh_schedule`),
    ).toEqual([{ due: true }]);
  });

  it('count on where a mall ended that is deleted and comes again', async () => {
    const insert = `insert into cafe24.oauth_tokens (access_token, expires_at, refresh_token, mall_id)
                    values ('access', '2030-01-01T02:00:00Z', 'refresh', 'old-mall')`;
    await stage.sql(`
      update cafe24.oauth_tokens set version = 8;
      insert into cafe24.token_attempts
             (attempt_id, mall_id, grant_type, base_version, version, started_at, lease_until,
              finished_at, outcome)
      values (gen_random_uuid(), 'old-mall', 'refresh_token', 7, 8, now(), now(), now(), 'refreshed'),
             (gen_random_uuid(), 'old-mall', 'authorization_code', 0, null, now(), now(), now(), 'failed');
      delete from cafe24.oauth_tokens; ${insert}`);
    const version = 'select version::int from cafe24.oauth_tokens';
    expect(await stage.sql(version)).toEqual([{ version: 9 }]);
    await stage.sql(
      `delete from cafe24.token_attempts; delete from cafe24.oauth_tokens; ${insert}`,
    );
    expect(await stage.sql(version)).toEqual([{ version: 1 }]);
  });

  it('go on letting who filled them delete old codes, also one that was redeemed here', async () => {
    await stage.sql(`
      insert into cafe24.token_attempts
             (attempt_id, mall_id, grant_type, code_id, started_at, lease_until, finished_at, outcome)
      select gen_random_uuid(), mall_id, 'authorization_code', id, now(), now(), now(), 'issued'
        from cafe24.oauth_authorization_codes where code = 'other-code';
      delete from cafe24.oauth_authorization_codes`);
    expect(await stage.sql('select code_id from cafe24.token_attempts')).toEqual([
      { code_id: null },
    ]);
  });

  it('go on serving a role that has rights on these tables alone', async () => {
    const role = `other_${randomUUID().slice(0, 8)}`;
    await stage.sql(`
      create role ${role};
      grant usage on schema cafe24 to ${role};
      grant all on cafe24.oauth_tokens, cafe24.oauth_authorization_codes to ${role};
      grant all on all sequences in schema cafe24 to ${role}`);
    const insert = `insert into cafe24.oauth_authorization_codes (mall_id, code)
                    values ('new-mall', 'new-code')`;
    await stage.sql(`
      begin; set local role ${role};
      ${insert}; ${insert};
      insert into cafe24.oauth_tokens (access_token, expires_at, refresh_token, mall_id)
      values ('a', '2030-01-01T02:00:00Z', 'r', 'new-mall'), ('a', '2030-01-01', 'r', 'gone-mall');
      update cafe24.oauth_tokens set access_token = 'b', mall_id = 'renamed-mall'
       where mall_id = 'new-mall';
      delete from cafe24.oauth_tokens where mall_id = 'gone-mall';
      delete from cafe24.oauth_authorization_codes where mall_id = 'new-mall';
      commit`);
    expect(await stage.sql('select mall_id from cafe24.refresh_schedule order by 1')).toEqual([
      { mall_id: 'old-mall' },
      { mall_id: 'renamed-mall' },
    ]);
    await stage.sql(`drop owned by ${role}; drop role ${role}`);
  });
});
