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
