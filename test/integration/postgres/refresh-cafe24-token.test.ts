import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { postgresRefreshAttempts } from '#shared/postgres/refresh-attempts.ts';
import { cafe24Pipeline } from '#test/support/cafe24-pipeline.ts';
import { Cafe24Stage, failing, refused } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();

const typesOf = ({ published }: Cafe24Stage) => published.map(({ detailType }) => detailType);

describe('refresh-cafe24-token', () => {
  it('rotates the grant, raises the version and tells it', async () => {
    await stage.authorize();
    const before = await stage.row();
    expect(await stage.refresh(1)).toBe('refreshed');
    expect(stage.posts[1]?.form).toEqual({
      grant_type: 'refresh_token',
      refresh_token: before?.['refresh_token'],
    });
    expect(await stage.row()).toMatchObject({ version: 2, status: 'active' });
    expect(stage.published[1]).toMatchObject({
      detailType: 'TokenRefreshed',
      detail: { mallId: stage.mallId, version: 2 },
    });
  });

  it('lets one of twenty warnings ask, and acknowledges the others', async () => {
    await stage.authorize();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => stage.refresh(1)));
    expect(stage.posts).toHaveLength(2);
    expect(outcomes.filter((it) => it === 'refreshed')).toHaveLength(1);
    const others = outcomes.filter((it) => it !== 'refreshed');
    expect(others.every((it) => it === 'in-progress' || it === 'overtaken')).toBe(true);
  });

  it('is overtaken by a newer version, and knows a mall without a row', async () => {
    await stage.authorize();
    await stage.refresh(1);
    expect(await stage.refresh(1)).toBe('overtaken');
    stage.mallId = 'nobody-at-home';
    expect(await stage.refresh(1)).toBe('no-grant');
    expect(stage.posts).toHaveLength(2);
  });

  it('leaves the row and rests when the provider gives no grant', async () => {
    await stage.authorize();
    stage.answer = failing('status-503');
    expect(await stage.refresh(1)).toBe('failed');
    expect(typesOf(stage)).toEqual(['TokenIssued', 'TokenRefreshFailed']);
    expect(await stage.refresh(1)).toBe('resting');
    expect(await stage.row()).toMatchObject({ version: 1, status: 'active' });
    await stage.shiftClock(59);
    expect(await stage.refresh(1)).toBe('resting');
    await stage.shiftClock(61);
    stage.answer = stage.granted;
    expect(await stage.refresh(1)).toBe('refreshed');
  });

  it('rests ever longer, an hour at most', async () => {
    await stage.authorize();
    stage.answer = failing('status-503');
    let seconds = 0;
    const rests = [];
    for (let tries = 0; tries < 9; tries++) {
      await stage.shiftClock(seconds);
      expect(await stage.refresh(1)).toBe('failed');
      const [schedule] = await stage.test.sql(
        `select extract(epoch from rest_until - cafe24.clock())::int as rest
           from cafe24.refresh_schedule where mall_id = $1`,
        [stage.mallId],
      );
      rests.push(schedule?.['rest']);
      seconds += Number(schedule?.['rest']) + 1;
    }
    expect(rests).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  it('leaves a grant of another client alone, which is other software’s', async () => {
    await stage.authorize();
    const attempts = postgresRefreshAttempts(stage.test.database, undefined, 'our-client');
    const request = { attemptId: randomUUID(), subject: stage.mallId, version: 1, leaseMs: 1_000 };
    const notOurs = { kind: 'not-needed', because: 'of-another-client' };
    expect(await attempts.begin(request)).toEqual(notOurs);
    for (const ours of ['our-client', '', null]) {
      await stage.test.sql('update cafe24.oauth_tokens set client_id = $2 where mall_id = $1', [
        stage.mallId,
        ours,
      ]);
      const attemptId = randomUUID();
      expect(await attempts.begin({ ...request, attemptId })).toMatchObject({ kind: 'begun' });
      await attempts.close(attemptId, { outcome: 'not-started', reason: 'test' });
    }
  });

  it('retries at once, without a rest, when our own client is refused', async () => {
    await stage.authorize();
    stage.answer = () => Promise.resolve({ kind: 'misconfigured', reason: 'invalid_client' });
    await expect(stage.refresh(1)).rejects.toMatchObject({ code: 'misconfigured' });
    expect(await stage.row()).toMatchObject({ status: 'active' });
    stage.answer = stage.granted;
    expect(await stage.refresh(1)).toBe('refreshed');
  });

  it('keeps a wish through a failed attempt', async () => {
    await stage.authorize();
    stage.answer = failing('status-503');
    expect(await stage.refresh(1, 'rejected')).toBe('failed');
    await stage.shiftClock(70);
    expect(await stage.warn()).toMatchObject([{ version: 1, reason: 'rejected' }]);
  });

  describe('when the provider calls the refresh token dead', () => {
    it('marks the row once and requires a reauthorization', async () => {
      await stage.authorize();
      stage.answer = refused;
      expect(await stage.refresh(1)).toBe('refused');
      expect(await stage.row()).toMatchObject({ version: 1, status: 'reauthorization-required' });
      expect(stage.published[1]).toMatchObject({
        detailType: 'ReauthorizationRequired',
        detail: { mallId: stage.mallId, version: 1, reason: 'grant-revoked' },
      });
      expect(await stage.refresh(1)).toBe('marked');
      expect(await stage.warn()).toEqual([]);
      expect(stage.posts).toHaveLength(2);
    });

    it.each(['timeout', 'status-500', 'not-json'])(
      'says rotation-lost after a %s',
      async (reason) => {
        await stage.authorize();
        stage.answer = failing(reason);
        await stage.refresh(1);
        await stage.shiftClock(61);
        stage.answer = refused;
        await stage.refresh(1);
        expect(stage.published.at(-1)?.detail).toMatchObject({ reason: 'rotation-lost' });
      },
    );

    it.each(['not-connected', 'status-429'])('says grant-revoked after %s', async (reason) => {
      await stage.authorize();
      stage.answer = failing(reason);
      await stage.refresh(1);
      await stage.shiftClock(61);
      stage.answer = refused;
      await stage.refresh(1);
      expect(stage.published.at(-1)?.detail).toMatchObject({ reason: 'grant-revoked' });
    });

    it('tries a marked row silently after 1 h and after 24 h, and never again', async () => {
      await stage.authorize();
      stage.answer = refused;
      await stage.refresh(1);
      await stage.shiftClock(3_601);
      expect(await stage.warn()).toMatchObject([{ reason: 'retry' }]);
      expect(await stage.refresh(1, 'retry')).toBe('refused');
      expect(await stage.warn()).toEqual([]);
      await stage.shiftClock(3_601 + 86_401);
      expect(await stage.warn()).toHaveLength(1);
      await stage.refresh(1, 'retry');
      await stage.shiftClock(30 * 86_400);
      expect(await stage.warn()).toEqual([]);
      expect(typesOf(stage).filter((it) => it === 'ReauthorizationRequired')).toHaveLength(1);
    });

    it('is alive again when a silent try succeeds', async () => {
      await stage.authorize();
      stage.answer = refused;
      await stage.refresh(1);
      await stage.shiftClock(3_601);
      stage.answer = stage.granted;
      expect(await stage.refresh(1, 'retry')).toBe('refreshed');
      expect(await stage.row()).toMatchObject({ version: 2, status: 'active' });
    });

    it('installs what an earlier attempt has in escrow instead of marking', async () => {
      await stage.authorize();
      const successor = await escrowedAttempt();
      await stage.test.sql(
        `update cafe24.token_attempts set finished_at = cafe24.clock(), outcome = 'abandoned'
          where mall_id = $1 and finished_at is null`,
        [stage.mallId],
      );
      stage.answer = refused;
      expect(await stage.refresh(1)).toBe('overtaken');
      expect(await stage.row()).toMatchObject({ refresh_token: successor, status: 'active' });
    });

    it('marks nothing while the escrow can not be read', async () => {
      await stage.authorize();
      stage.answer = refused;
      const unreadable = { ...stage.escrow, read: () => Promise.reject(new Error('away')) };
      const blind = cafe24Pipeline({ ...stage.parts, escrow: unreadable });
      expect(await blind.refresh(stage.warning())).toBe('failed');
      expect(await stage.row()).toMatchObject({ status: 'active' });
    });

    it('marks nothing while an exchange lives', async () => {
      await stage.authorize();
      stage.answer = async () => {
        await stage.test.sql(
          `insert into cafe24.token_attempts
             (attempt_id, mall_id, grant_type, started_at, lease_until)
           values ($1, $2, 'authorization_code', cafe24.clock(), cafe24.clock() + interval '20 s')`,
          [randomUUID(), stage.mallId],
        );
        return { kind: 'refused', reason: 'invalid_grant' };
      };
      expect(await stage.refresh(1)).toBe('failed');
      expect(await stage.row()).toMatchObject({ status: 'active' });
      expect(await stage.refresh(1)).toBe('in-progress');
    });
  });

  describe('when the database takes no commit', () => {
    it('puts the grant into escrow, from where recovery installs and tells it', async () => {
      await stage.authorize();
      const successor = await escrowedAttempt();
      expect(await stage.row()).toMatchObject({ version: 1 });
      expect(await stage.pipeline.recover()).toMatchObject({ installed: 1, failed: 0 });
      expect(await stage.row()).toMatchObject({ version: 2, refresh_token: successor });
      expect(stage.escrow.held.size).toBe(0);
      await stage.shiftClock(95);
      await stage.pipeline.recover();
      expect(typesOf(stage)).toEqual(['TokenIssued', 'TokenRefreshed']);
    });
  });

  it('installs what a dead process has in escrow before it begins', async () => {
    await stage.authorize();
    const successor = await escrowedAttempt();
    await stage.shiftClock(61);
    expect(await stage.refresh(1)).toBe('overtaken');
    expect(stage.posts).toHaveLength(2);
    expect(await stage.row()).toMatchObject({ version: 2, refresh_token: successor });
  });

  it('does not overwrite a newer grant with a late answer', async () => {
    await stage.authorize();
    const late = await escrowedAttempt();
    await stage.authorize();
    await stage.pipeline.recover();
    expect(await stage.row()).toMatchObject({ version: 2 });
    expect((await stage.row())?.['refresh_token']).not.toBe(late);
    expect(stage.escrow.held.size).toBe(0);
  });

  /** A refresh whose grant is in escrow only, as after an outage of the database. */
  async function escrowedAttempt(): Promise<string> {
    let isAway = false;
    const grant = stage.freshGrant();
    stage.answer = () => {
      isAway = true;
      return Promise.resolve({ kind: 'granted', grant });
    };
    const away = () =>
      Promise.reject(new DependencyUnavailableError('database-unavailable', 'test'));
    const { database } = stage.test;
    const shaky = {
      ...database,
      run: ((it) => (isAway ? away() : database.run(it))) as typeof database.run,
      runFresh: ((it) => (isAway ? away() : database.runFresh(it))) as typeof database.runFresh,
    };
    const process = cafe24Pipeline({ ...stage.parts, database: shaky });
    expect(await process.refresh(stage.warning())).toBe('escrowed');
    stage.answer = stage.granted;
    return grant.refreshToken;
  }
});
