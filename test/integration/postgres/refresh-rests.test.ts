import { describe, expect, it } from 'vitest';
import { Cafe24Stage, failing } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();

/** How the mall rests; seconds since its last attempt ended, null = not at all. */
async function schedule(): Promise<unknown> {
  const [found] = await stage.test.sql(
    `select failures, case when rest_until > '-infinity' then round(extract(epoch from
              rest_until - (select max(finished_at) from cafe24.token_attempts
                             where mall_id = $1)))::int end as rest
       from cafe24.refresh_schedule where mall_id = $1`,
    [stage.mallId],
  );
  return found;
}

describe('the rest of a mall whose refresh brought no grant', () => {
  it('is an hour also after failures for weeks', async () => {
    await stage.authorize();
    await stage.test.sql('update cafe24.refresh_schedule set failures = 1100 where mall_id = $1', [
      stage.mallId,
    ]);
    stage.answer = failing('status-503');
    expect(await stage.refresh(1)).toBe('failed');
    expect(await schedule()).toEqual({ failures: 1101, rest: 3600 });
  });

  it.each([
    [300, 300],
    [5, 60],
    [86_400, 3_600],
  ])('is as long as the provider asks: %i s are %i s', async (asked, rest) => {
    await stage.authorize();
    const answer = { kind: 'failed', reason: 'status-429', retryAfterSeconds: asked } as const;
    stage.answer = () => Promise.resolve(answer);
    expect(await stage.refresh(1)).toBe('failed');
    expect(await schedule()).toEqual({ failures: 1, rest });
  });

  it('a refresh whose grant is replaced meanwhile fails for its own version, and the new one does not rest', async () => {
    await stage.authorize();
    stage.answer = async (ticket) => {
      stage.answer = stage.granted;
      await stage.authorize();
      return await failing('status-503')(ticket);
    };
    expect(await stage.refresh(1)).toBe('failed');
    expect(stage.published.at(-1)).toMatchObject({
      detailType: 'TokenRefreshFailed',
      detail: { version: 1 },
    });
    expect(await schedule()).toEqual({ failures: 0, rest: null });
    expect(await stage.refresh(2)).toBe('refreshed');
  });

  it('a refresh whose process dies while its grant is replaced leaves the new one without a rest', async () => {
    await stage.authorize();
    stage.answer = async () => {
      stage.answer = stage.granted;
      await stage.authorize();
      throw new Error('the process died');
    };
    await expect(stage.refresh(1)).rejects.toThrow('died');
    await stage.shiftClock(61);
    expect(await stage.pipeline.recover()).toMatchObject({ settled: 1 });
    expect(await schedule()).toEqual({ failures: 0, rest: null });
  });
});

describe('the wish of a client that saw 401 while its mall rests', () => {
  it('is served when the rest is over, and not minutes later', async () => {
    await stage.authorize();
    stage.answer = failing('status-503');
    expect(await stage.refresh(1)).toBe('failed');
    stage.answer = stage.granted;
    await stage.shiftClock(30);
    expect(await stage.refresh(1, 'rejected')).toBe('resting');
    expect(await stage.warn()).toEqual([]);
    await stage.shiftClock(61);
    expect(await stage.warn()).toMatchObject([{ reason: 'rejected' }]);
    expect(await stage.refresh(1, 'rejected')).toBe('refreshed');
  });
});
