import { describe, expect, it } from 'vitest';
import { isActive } from '#shared/postgres/rows-of-others.ts';
import { postgresSchedule } from '#shared/postgres/schedule.ts';
import { Cafe24Stage } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();

describe('warn-cafe24-expiry', () => {
  it('announces a mall when its margin has begun, and once however many sweeps overlap', async () => {
    await stage.authorize();
    expect(await stage.warn()).toEqual([]);
    await stage.shiftClock(7_200 - 900 + 1);
    const sweeps = await Promise.all(Array.from({ length: 5 }, () => stage.warn()));
    expect(sweeps.flat()).toMatchObject([{ mallId: stage.mallId, version: 1, reason: 'expiring' }]);
    expect(await stage.warn()).toEqual([]);
  });

  it('spreads malls over the jitter before their margin', async () => {
    const seconds = (
      await stage.test.sql(
        `select extract(epoch from cafe24.refresh_due_at('mall-' || n, expiry) - expiry)::int as before
           from generate_series(1, 10000) n, (select now() + interval '2 h' as expiry) it`,
      )
    ).map(({ before }) => Number(before));
    expect(Math.max(...seconds)).toBeLessThanOrEqual(-900);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(-1_800);
    const perMinute = new Map<number, number>();
    for (const minute of seconds.map((it) => Math.floor(it / 60))) {
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
    }
    expect(Math.max(...perMinute.values())).toBeLessThan(900);
  });

  it('finds a mall again when its mark was never confirmed', async () => {
    await stage.authorize();
    await stage.shiftClock(7_200);
    await stage.test.sql(
      `update cafe24.refresh_schedule set warn_again_at = cafe24.clock() + interval '2 minutes'
        where mall_id = $1`,
      [stage.mallId],
    );
    expect(await stage.warn()).toEqual([]);
    await stage.shiftClock(7_200 + 121);
    expect(await stage.warn()).toHaveLength(1);
  });

  it('goes on behind a thousand malls that were deleted, whatever left their schedules', async () => {
    await stage.authorize();
    await stage.test.sql(`
      insert into cafe24.refresh_schedule (mall_id, due_at)
      select 'deleted-' || n, '2000-01-01' from generate_series(1, 1000) n`);
    await stage.shiftClock(7_200);
    expect(await stage.warn()).toHaveLength(1);
    await stage.test.sql(`delete from cafe24.refresh_schedule where mall_id like 'deleted-%'`);
  });

  it('forgets a mall whose grant is deleted or renamed, and finds the new name', async () => {
    await stage.authorize();
    const scheduled = async () =>
      (
        await stage.test.sql(
          `select mall_id from cafe24.refresh_schedule where mall_id in ($1, $1 || '-renamed')`,
          [stage.mallId],
        )
      ).map((row) => row['mall_id']);
    const change = (text: string) => stage.test.sql(text, [stage.mallId]);
    await change(
      `update cafe24.oauth_tokens set mall_id = mall_id || '-renamed' where mall_id = $1`,
    );
    expect(await scheduled()).toEqual([`${stage.mallId}-renamed`]);
    await change(`delete from cafe24.oauth_tokens where mall_id = $1 || '-renamed'`);
    expect(await scheduled()).toEqual([]);
  });

  it('leaves the grants of other clients alone, and counts only its own as ending soon', async () => {
    await stage.authorize();
    await stage.shiftClock(14 * 86_400);
    const of = (clientId?: string) => postgresSchedule(stage.test.database, clientId);
    const malls = async (clientId?: string) =>
      (await of(clientId).markDue(1_000)).map(({ mallId }) => mallId);
    expect(await of('our-client').prospects()).toEqual({ endingSoon: 0, areAllOfOthers: true });
    const { endingSoon, areAllOfOthers } = await of('test-client').prospects();
    expect(areAllOfOthers).toBe(false);
    expect(endingSoon).toBeGreaterThan(0);
    expect(await malls('our-client')).toEqual([]);
    expect(await malls('test-client')).toContain(stage.mallId);
  });

  it('counts a grant as ending soon, however its status is written, and looks for it by an index', async () => {
    await stage.authorize();
    await stage.shiftClock(14 * 86_400);
    const clientId = `client-of-${stage.mallId}`;
    await stage.test.sql(
      `update cafe24.oauth_tokens set status = ' ACTIVE ', client_id = $2 where mall_id = $1`,
      [stage.mallId, clientId],
    );
    const prospects = await postgresSchedule(stage.test.database, clientId).prospects();
    expect(prospects).toEqual({ endingSoon: 1, areAllOfOthers: false });
    await stage.test.sql(`
      insert into cafe24.oauth_tokens
        (access_token, expires_at, refresh_token, refresh_token_expires_at, mall_id)
      select 'a', now(), 'r', now() + interval '9 years', 'many-' || n from generate_series(1, 5000) n;
      analyze cafe24.oauth_tokens`);
    const plan = await stage.test.sql(`
      explain select count(*) from cafe24.oauth_tokens token
       where ${isActive('token')} and refresh_token_expires_at < now()`);
    await stage.test.sql(`delete from cafe24.oauth_tokens where mall_id like 'many-%'`);
    expect(JSON.stringify(plan)).toContain('ix_oauth_tokens_refresh_end');
  });

  it('finds a mall whose grant never expires when a client saw it refused', async () => {
    await stage.authorize();
    await stage.test.sql(
      `update cafe24.oauth_tokens set expires_at = 'infinity' where mall_id = $1`,
      [stage.mallId],
    );
    await stage.test.sql(
      `update cafe24.refresh_schedule set wish_version = 1, due_at = cafe24.clock()
        where mall_id = $1`,
      [stage.mallId],
    );
    const [warning, ...others] = await stage.warn();
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ reason: 'rejected' });
    expect(warning).not.toHaveProperty('expiresAt');
  });
});
