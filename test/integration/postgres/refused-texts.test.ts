import { describe, expect, it } from 'vitest';
import { cleaned } from '#events/text.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import { cafe24Pipeline } from '#test/support/cafe24-pipeline.ts';
import { Cafe24Stage, failing, type Answer } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();

const UNSTORABLE = ['job \ud83d', '\ude00 job', 'run-\0'];

const withTexts = (text: string): Partial<Cafe24Grant> => ({
  userId: text,
  scopes: ['mall.read_product', text],
  tokenType: text,
});

/** Grants whose descriptive texts are such. */
const granting =
  (changes: Partial<Cafe24Grant>): Answer =>
  ({ mallId }) =>
    Promise.resolve({ kind: 'granted', grant: { ...stage.freshGrant(mallId), ...changes } });

const caused = (correlationId: string) => cafe24Pipeline({ ...stage.parts, correlationId });

async function openAttempts(): Promise<number> {
  const open = await stage.test.sql(
    'select from cafe24.token_attempts where mall_id = $1 and finished_at is null',
    [stage.mallId],
  );
  return open.length;
}

describe.each(UNSTORABLE)('a text that Postgres never takes, %j', (text) => {
  it('costs no issued grant: tokens, times and version are stored, and the event is ours', async () => {
    stage.answer = granting(withTexts(text));
    const detail = { mallId: stage.mallId, code: 'a-code' };
    expect(await caused(text).exchange(detail)).toBe('issued');
    expect(await stage.row()).toMatchObject({ version: 1, status: 'active' });
    expect(stage.escrow.held.size).toBe(0);
    const [{ detailType, detail: told } = { detailType: '', detail: {} }] = stage.published;
    expect(detailType).toBe('TokenIssued');
    const { attemptId } = told;
    expect(told).toMatchObject({
      version: 1,
      metadata: { eventId: `${String(attemptId)}:issued`, correlationId: attemptId },
    });
  });

  it('costs no refreshed grant, and the row keeps who authorized it', async () => {
    await stage.authorize();
    stage.answer = granting(withTexts(text));
    expect(await caused(text).refresh(stage.warning())).toBe('refreshed');
    expect(await stage.row()).toMatchObject({ version: 2 });
    const [row] = await stage.test.sql(
      'select user_id, scopes from cafe24.oauth_tokens where mall_id = $1',
      [stage.mallId],
    );
    expect(row).toEqual({
      user_id: 'admin',
      scopes: ['mall.read_product', cleaned(text)],
    });
  });

  it('lies in escrow since before, and is installed by recovery in the same way', async () => {
    await stage.authorize();
    stage.answer = () => Promise.reject(new Error('the process died'));
    await expect(stage.refresh(1)).rejects.toThrow('died');
    const [open] = await stage.test.sql(
      'select attempt_id from cafe24.token_attempts where mall_id = $1 and finished_at is null',
      [stage.mallId],
    );
    const attemptId = String(open?.['attempt_id']);
    const attempt = {
      attemptId,
      grantType: 'refresh_token',
      subject: stage.mallId,
      baseVersion: 1,
    };
    const metadata = { eventId: `${attemptId}:refreshed`, correlationId: text, causationId: text };
    const grant = { ...stage.freshGrant(), ...withTexts(text) };
    await stage.escrow.put(attempt as Parameters<typeof stage.escrow.put>[0], {
      grant,
      event: {
        detailType: 'TokenRefreshed',
        detail: { mallId: stage.mallId, attemptId, scopes: [text], metadata },
      },
    });
    expect(await stage.pipeline.recover()).toMatchObject({ installed: 1, failed: 0 });
    expect(await stage.row()).toMatchObject({ version: 2, refresh_token: grant.refreshToken });
    expect(stage.escrow.held.size).toBe(0);
  });

  it('keeps no attempt from being closed, and the end is told by ids of ours', async () => {
    await stage.authorize();
    stage.answer = failing('status-503');
    expect(await caused(text).refresh(stage.warning())).toBe('failed');
    expect(await openAttempts()).toBe(0);
    const { attemptId, metadata } = stage.published.at(-1)!.detail;
    expect(metadata).toMatchObject({ correlationId: attemptId, causationId: attemptId });
  });

  it('keeps no dead grant from being marked', async () => {
    await stage.authorize();
    stage.answer = () => Promise.resolve({ kind: 'refused', reason: 'invalid_grant' });
    expect(await caused(text).refresh(stage.warning())).toBe('refused');
    expect(await stage.row()).toMatchObject({ status: 'reauthorization-required' });
    expect(stage.published.at(-1)?.detailType).toBe('ReauthorizationRequired');
  });

  it('keeps no old code from being closed', async () => {
    const minuteAgo = new Date(Date.now() - 61_000);
    const detail = { mallId: stage.mallId, code: 'old-code' };
    expect(await caused(text).exchange(detail, minuteAgo)).toBe('expired');
    expect(stage.published.at(-1)?.detail).toMatchObject({ reason: 'code-expired' });
  });
});

describe('a token that Postgres never takes', () => {
  it('is never stored changed: it waits in escrow, and is told', async () => {
    await stage.authorize();
    const before = await stage.row();
    stage.answer = granting({ refreshToken: 'with a NUL: \0' });
    let remainingMs = 16_000;
    const deadline = { remainingMs: () => (remainingMs -= 500) };
    const pipeline = cafe24Pipeline({ ...stage.parts, deadline });
    expect(await pipeline.refresh(stage.warning())).toBe('escrowed');
    expect(await stage.row()).toEqual(before);
    expect([...stage.escrow.held.values()]).toMatchObject([
      { save: { grant: { refreshToken: 'with a NUL: \0' } } },
    ]);
  });
});
