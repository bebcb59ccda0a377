import { describe, expect, it } from 'vitest';
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
        `select extract(epoch from cafe24.refresh_due_at('mall-' || n, '2030-01-01') - '2030-01-01')::int
                  as before
           from generate_series(1, 10000) n`,
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
});
