import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { cafe24Tokens } from '#client/index.ts';
import type { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import { Cafe24Stage } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();
let pool: pg.Pool;
beforeAll(() => {
  const { postgres } = inject('localAws');
  pool = new pg.Pool({ ...postgres, database: stage.test.config.PGDATABASE, max: 2 });
});
afterAll(() => pool.end());

const reader = (clockShiftMs = 0) => {
  const reported: Cafe24ExpiryWarning[] = [];
  const tokens = cafe24Tokens({
    database: pool,
    publisher: {
      publish: (_, detail) => Promise.resolve(void reported.push(detail as Cafe24ExpiryWarning)),
    },
    clock: () => new Date(Date.now() + clockShiftMs),
  });
  return { ...tokens, reported };
};

describe('client/ on Postgres', () => {
  it('reads what an exchange has stored, and its version after a refresh', async () => {
    await stage.authorize();
    const before = await reader().cafe24Token(stage.mallId);
    expect(before).toMatchObject({ mallId: stage.mallId, version: 1 });
    const [row] = await stage.test.sql(
      'select access_token, expires_at from cafe24.oauth_tokens where mall_id = $1',
      [stage.mallId],
    );
    expect(before.accessToken).toBe(row?.['access_token']);
    expect(before.expiresAt).toEqual(row?.['expires_at']);
    await stage.refresh(1, 'rejected');
    expect(await reader().cafe24Token(stage.mallId)).toMatchObject({ version: 2 });
  });

  it('has a token that Cafe24 refused rotated', async () => {
    await stage.authorize();
    const { cafe24Token, reportRejected, reported } = reader();
    const { version } = await cafe24Token(stage.mallId);
    await reportRejected(stage.mallId, version);
    for (const warning of reported) await stage.pipeline.refresh(warning);
    expect(await cafe24Token(stage.mallId)).toMatchObject({ version: 2 });
    expect(stage.posts).toHaveLength(2);
  });

  it('tells a mall without a grant from a dead and from an expired one', async () => {
    await expect(reader().cafe24Token(stage.mallId)).rejects.toMatchObject({ reason: 'no-grant' });
    await stage.authorize();
    await stage.shiftClock(7_200 - 3);
    await expect(reader().cafe24Token(stage.mallId)).rejects.toMatchObject({ reason: 'expired' });
    stage.answer = () => Promise.resolve({ kind: 'refused', reason: 'invalid_grant' });
    expect(await stage.refresh(1)).toBe('refused');
    await expect(reader().cafe24Token(stage.mallId)).rejects.toMatchObject({
      reason: 'reauthorization-required',
    });
  });

  it.each(['infinity', '294276-12-31', '10000-01-01'])(
    'hands out a token that expires at %s',
    async (expiresAt) => {
      await stage.authorize();
      const write = 'update cafe24.oauth_tokens set expires_at = $2 where mall_id = $1';
      await stage.test.sql(write, [stage.mallId, expiresAt]);
      const { cafe24Token } = reader();
      const token = await cafe24Token(stage.mallId);
      expect(token).toMatchObject({ version: 1 });
      expect(token.expiresAt.getUTCFullYear()).toBe(9999);
    },
  );

  it.each(['-infinity', '0044-03-15 BC'])('finds a token expired since %s', async (expiresAt) => {
    await stage.authorize();
    const write = 'update cafe24.oauth_tokens set expires_at = $2 where mall_id = $1';
    await stage.test.sql(write, [stage.mallId, expiresAt]);
    await expect(reader().cafe24Token(stage.mallId)).rejects.toMatchObject({ reason: 'expired' });
  });

  it('takes a row for active whose status other software spells in its own way', async () => {
    await stage.authorize();
    const write = `update cafe24.oauth_tokens set status = ' Active' where mall_id = $1`;
    await stage.test.sql(write, [stage.mallId]);
    expect(await reader().cafe24Token(stage.mallId)).toMatchObject({ version: 1 });
  });

  it('goes by the database’s time, however wrong the clock of the process is', async () => {
    await stage.authorize();
    for (const clockShiftMs of [-86_400_000, 86_400_000]) {
      const { cafe24Token } = reader(clockShiftMs);
      expect(await cafe24Token(stage.mallId)).toMatchObject({ version: 1 });
      await stage.shiftClock(7_200);
      await expect(reader(clockShiftMs).cafe24Token(stage.mallId)).rejects.toMatchObject({
        reason: 'expired',
      });
      await stage.shiftClock(0);
    }
  });
});
