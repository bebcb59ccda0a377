import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { postgresStates } from '#shared/postgres/states.ts';
import { cafe24Pipeline } from '#test/support/cafe24-pipeline.ts';
import { Cafe24Stage } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();

describe('recover-cafe24-grants', () => {
  it('settles the attempt of a dead process; the mall rests, then lives on', async () => {
    await stage.authorize();
    await dieRefreshing();
    await stage.shiftClock(61);
    expect(await stage.pipeline.recover()).toMatchObject({ settled: 1 });
    expect(await stage.refresh(1)).toBe('resting');
    await stage.shiftClock(61 + 61);
    expect(await stage.refresh(1)).toBe('refreshed');
  });

  it('announces a young code again and expires an old one', async () => {
    const [code] = await stage.test.sql(
      `insert into cafe24.oauth_authorization_codes (mall_id, code) values ($1, $2) returning id`,
      [stage.mallId, `code-${randomUUID()}`],
    );
    await stage.shiftClock(11);
    await stage.pipeline.recover();
    expect(stage.published).toMatchObject([
      { detailType: 'AuthorizationCodeArrived', detail: { codeId: code?.['id'] } },
    ]);
    await stage.shiftClock(76);
    await stage.pipeline.recover();
    await stage.shiftClock(76 + 31);
    await stage.pipeline.recover();
    expect(stage.published.at(-1)).toMatchObject({
      detailType: 'ReauthorizationRequired',
      detail: { mallId: stage.mallId, reason: 'code-expired' },
    });
  });

  it('goes on with the other steps when one fails', async () => {
    await stage.authorize();
    await dieRefreshing();
    await stage.shiftClock(61);
    const broken = { ...stage.escrow, list: () => Promise.reject(new Error('away')) };
    const recovered = await cafe24Pipeline({ ...stage.parts, escrow: broken }).recover();
    expect(recovered).toMatchObject({ failed: 1, settled: 1 });
  });

  it('installs an escrowed grant behind one that the database will never take', async () => {
    await stage.authorize();
    await dieRefreshing();
    const [open] = await stage.test.sql(
      'select attempt_id from cafe24.token_attempts where mall_id = $1 and finished_at is null',
      [stage.mallId],
    );
    const attempt = {
      attemptId: String(open?.['attempt_id']),
      grantType: 'refresh_token' as const,
      subject: stage.mallId,
      baseVersion: 1,
    };
    const event = { detailType: 'TokenRefreshed', detail: { mallId: stage.mallId } };
    const nul = { ...stage.freshGrant(), accessToken: 'with a NUL: \0' };
    const stranger = { ...attempt, attemptId: randomUUID() };
    await stage.escrow.put(stranger, { grant: nul, event });
    await stage.escrow.put(attempt, { grant: stage.freshGrant(), event });
    expect(await stage.pipeline.recover()).toMatchObject({ installed: 1, failed: 1 });
    expect((await stage.escrow.list()).map((it) => it.attempt)).toEqual([stranger]);
  });

  it('installs an escrowed grant beside one that can not be read, which is counted and told', async () => {
    await stage.authorize();
    await dieRefreshing();
    const [open] = await stage.test.sql(
      'select attempt_id from cafe24.token_attempts where mall_id = $1 and finished_at is null',
      [stage.mallId],
    );
    const attemptId = String(open?.['attempt_id']);
    await stage.escrow.put(
      { attemptId, grantType: 'refresh_token', subject: stage.mallId, baseVersion: 1 },
      {
        grant: stage.freshGrant(),
        event: { detailType: 'TokenRefreshed', detail: { mallId: stage.mallId } },
      },
    );
    const strange = new Error('Escrow of attempt other can not be read');
    const list: typeof stage.escrow.list = (onUnreadable) => {
      onUnreadable?.(strange);
      return stage.escrow.list();
    };
    const pipeline = cafe24Pipeline({ ...stage.parts, escrow: { ...stage.escrow, list } });
    expect(await pipeline.recover()).toMatchObject({ installed: 1, failed: 1 });
    expect(await stage.row()).toMatchObject({ version: 2 });
    expect(pipeline.log.lines.map(({ fields }) => fields['error'])).toContain(strange);
  });

  it('prunes what is older than 90 days but the newest attempt of a mall', async () => {
    await stage.authorize();
    await stage.refresh(1);
    await stage.shiftClock(91 * 86_400);
    await stage.pipeline.recover();
    const attempts = await stage.test.sql(
      'select outcome from cafe24.token_attempts where mall_id = $1',
      [stage.mallId],
    );
    expect(attempts).toEqual([{ outcome: 'refreshed' }]);
    expect(
      await stage.test.sql('select from cafe24.oauth_authorization_codes where mall_id = $1', [
        stage.mallId,
      ]),
    ).toEqual([]);
  });

  it('prunes the states of authorizations that are over, and no others', async () => {
    const states = postgresStates(stage.test.database);
    await states.issue({ state: `old-${stage.mallId}`, browser: 'b' }, stage.mallId);
    await stage.shiftClock(601);
    const young = { state: `young-${stage.mallId}`, browser: 'b' };
    await states.issue(young, stage.mallId);
    await stage.pipeline.recover();
    expect(
      await stage.test.sql('select from cafe24.oauth_states where mall_id = $1', [stage.mallId]),
    ).toHaveLength(1);
    expect(await states.consume(young)).toBe(stage.mallId);
  });

  it('prunes states as fast as anybody can make them, in one run', async () => {
    await stage.test.sql(
      `insert into cafe24.oauth_states (state_sha256, browser_sha256, mall_id, expires_at)
       select sha256(n::text::bytea), 'b', $1, cafe24.clock() from generate_series(1, 9001) n`,
      [stage.mallId],
    );
    await stage.pipeline.recover();
    expect(
      await stage.test.sql('select from cafe24.oauth_states where mall_id = $1', [stage.mallId]),
    ).toEqual([]);
  });

  async function dieRefreshing(): Promise<void> {
    stage.answer = () => Promise.reject(new Error('the process died'));
    await expect(stage.refresh(1)).rejects.toThrow('died');
    stage.answer = stage.granted;
  }
});
