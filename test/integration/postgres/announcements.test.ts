import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { postgresAnnouncements } from '#shared/postgres/announcements.ts';
import { postgresAuthorizationCodes } from '#shared/postgres/codes.ts';
import { postgresRemains } from '#shared/postgres/remains.ts';
import { describeAnnouncements } from '#test/support/announcements-suite.ts';
import { Cafe24Stage } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();

/** As other software inserts it, which knows nothing of our columns. */
async function insertCode(mallId: string): Promise<string> {
  const [row] = await stage.test.sql(
    `insert into cafe24.oauth_authorization_codes (mall_id, code) values ($1, $2) returning id`,
    [mallId, `code-${randomUUID()}`],
  );
  return row?.['id'] as string;
}

describeAnnouncements('announcements on Postgres', () => ({
  announcements: postgresAnnouncements(stage.test.database),
  insertCode: async (mallId, ageSeconds = 0) => {
    const codeId = await insertCode(mallId);
    await stage.test.sql(
      `update cafe24.oauth_authorization_codes
          set received_at = cafe24.clock() - make_interval(secs => $2) where id = $1`,
      [codeId, ageSeconds],
    );
    return codeId;
  },
  setStatus: async (codeId, status) => {
    await stage.test.sql('update cafe24.oauth_authorization_codes set status = $2 where id = $1', [
      codeId,
      status,
    ]);
  },
  shiftClock: (seconds) => stage.shiftClock(seconds),
}));

describe('an announced code and the others who announce', () => {
  const mark = async () =>
    await postgresAnnouncements(stage.test.database).markWaiting([stage.mallId], 100);

  it('a code that tokenline stored itself is left to its storer for 10 s', async () => {
    const code = { mallId: stage.mallId, code: `code-${randomUUID()}`, receivedAt: new Date() };
    await postgresAuthorizationCodes(stage.test.database).store(code);
    expect(await mark()).toEqual([]);
    await stage.shiftClock(11);
    expect(await mark()).toHaveLength(1);
  });

  it('a code that other software inserted, and that then arrives inside an event, keeps its mark', async () => {
    const codeId = await insertCode(stage.mallId);
    await postgresAnnouncements(stage.test.database).confirm([codeId]);
    const [row] = await stage.test.sql(
      'select code from cafe24.oauth_authorization_codes where id = $1',
      [codeId],
    );
    const code = { mallId: stage.mallId, code: String(row?.['code']), receivedAt: new Date() };
    expect(await postgresAuthorizationCodes(stage.test.database).store(code)).toBe(codeId);
    await stage.shiftClock(11);
    expect(await mark()).toEqual([]);
  });

  it('recovery announces again what was announced and not begun after 10 s, and both lead to one POST', async () => {
    const codeId = await insertCode(stage.mallId);
    const { mallId } = stage;
    const announcements = postgresAnnouncements(stage.test.database);
    await announcements.confirm((await mark()).map((it) => it.codeId));
    await stage.pipeline.recover();
    expect(stage.published).toEqual([]);
    await stage.shiftClock(11);
    await stage.pipeline.recover();
    expect(stage.published).toMatchObject([
      { detailType: 'AuthorizationCodeArrived', detail: { codeId } },
    ]);
    const outcomes = await Promise.allSettled([
      stage.pipeline.exchange({ mallId, codeId }),
      stage.pipeline.exchange({ mallId, codeId }),
    ]);
    expect(outcomes).toContainEqual({ status: 'fulfilled', value: 'issued' });
    expect(stage.posts).toHaveLength(1);
    expect(await announcements.markNewest(mallId)).toMatchObject({ state: 'exchanged', codeId });
  });

  it('recovery leaves alone codes of malls that are not served: they are other software’s', async () => {
    const codeId = await insertCode(stage.mallId);
    const others = postgresRemains(stage.test.database, ['another-mall']);
    const ours = postgresRemains(stage.test.database, [stage.mallId]);
    await stage.shiftClock(11);
    expect(await others.youngCodes(100)).toEqual([]);
    expect(await ours.youngCodes(100)).toEqual([{ mallId: stage.mallId, codeId }]);
    await stage.shiftClock(76);
    expect(await others.oldCodes(100)).toEqual([]);
    expect(await ours.oldCodes(100)).toEqual([{ mallId: stage.mallId, codeId }]);
  });
});
