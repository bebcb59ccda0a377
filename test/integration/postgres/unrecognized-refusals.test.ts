import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Cafe24ExpiryWarning } from '#events/token-expiry-warning.ts';
import { postgresSchedule } from '#shared/postgres/schedule.ts';
import { Cafe24Stage, failing, type Answer } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();
const HOUR = 3_600;

const unrecognized: Answer = () =>
  Promise.resolve({ kind: 'unrecognized', reason: 'invalid_request' });
const wrongSecret: Answer = () =>
  Promise.resolve({ kind: 'misconfigured', reason: 'invalid_client' });

beforeEach(() =>
  stage.test.sql(
    `truncate cafe24.oauth_tokens, cafe24.refresh_schedule, cafe24.token_attempts,
              cafe24.oauth_authorization_codes`,
  ),
);

const refused = () =>
  stage.published.filter((it) => it.detail['reason'] === 'refusal-unrecognized');

/** The mall is tried at the hour, whatever comes of it. */
async function tryAt(hours: number): Promise<string> {
  await stage.shiftClock(hours * HOUR);
  return await stage.refresh(1);
}

async function grantAnother(): Promise<void> {
  const { mallId, answer } = stage;
  stage.mallId = `${mallId}-other`;
  stage.answer = stage.granted;
  await stage.authorize();
  Object.assign(stage, { mallId, answer });
}

const lasting = () => postgresSchedule(stage.test.database).lastingRefusals();

describe('a refusal in words that no table knows', () => {
  beforeEach(async () => {
    await stage.authorize();
    stage.answer = unrecognized;
  });

  it('leaves the row active, rests and is acknowledged', async () => {
    expect(await stage.refresh(1)).toBe('failed');
    expect(await stage.row()).toMatchObject({ version: 1, status: 'active' });
    expect(stage.published.at(-1)).toMatchObject({
      detailType: 'TokenRefreshFailed',
      detail: { reason: 'invalid_request' },
    });
    expect(await stage.refresh(1)).toBe('resting');
  });

  it('asks the mall’s admin once after a day, when others were granted something, and is tried on', async () => {
    await tryAt(0);
    await stage.shiftClock(HOUR);
    await grantAnother();
    await tryAt(2);
    await tryAt(23);
    expect(refused()).toEqual([]);
    for (const hours of [24.1, 26, 48, 72]) expect(await tryAt(hours)).toBe('failed');
    expect(refused()).toMatchObject([
      { detailType: 'ReauthorizationRequired', detail: { mallId: stage.mallId, version: 1 } },
    ]);
    expect(await stage.row()).toMatchObject({ status: 'active' });
    expect(await lasting()).toEqual([]);
    stage.answer = stage.granted;
    expect(await tryAt(80)).toBe('refreshed');
    expect(stage.published.at(-1)?.detail).toMatchObject({ version: 2 });
  });

  it('of a marked row’s silent try leaves it two of them: after an hour and after a day', async () => {
    stage.answer = () => Promise.resolve({ kind: 'refused', reason: 'invalid_grant' });
    expect(await tryAt(0)).toBe('refused');
    stage.answer = unrecognized;
    const warnedAt = async (hours: number) => {
      await stage.shiftClock(hours * HOUR);
      return await stage.warn();
    };
    expect(await warnedAt(1.01)).toMatchObject([{ reason: 'retry' }]);
    expect(await stage.refresh(1, 'retry')).toBe('failed');
    for (const hours of [2.1, 3.2, 25]) expect(await warnedAt(hours)).toEqual([]);
    expect(await warnedAt(25.1)).toMatchObject([{ reason: 'retry' }]);
    expect(await stage.refresh(1, 'retry')).toBe('failed');
    expect(await warnedAt(2_000)).toEqual([]);
    expect(await stage.row()).toMatchObject({ status: 'reauthorization-required' });
  });

  it('begins its day anew with a new grant', async () => {
    await tryAt(0);
    await stage.shiftClock(23 * HOUR);
    stage.answer = stage.granted;
    await stage.authorize();
    stage.answer = unrecognized;
    await stage.refresh(2);
    await stage.shiftClock(25 * HOUR);
    await grantAnother();
    await stage.refresh(2);
    expect(refused()).toEqual([]);
    await stage.shiftClock(48 * HOUR);
    await stage.refresh(2);
    expect(refused()).toMatchObject([{ detail: { version: 2 } }]);
  });

  it.each([
    ['a 503', failing('status-503')],
    ['no answer in time', failing('timeout')],
    ['a wrong secret', wrongSecret],
  ])('goes on with its day after %s, which says nothing of the grant', async (_, nothing) => {
    await tryAt(0);
    await stage.shiftClock(HOUR);
    await grantAnother();
    for (const hours of [6, 12, 18]) {
      stage.answer = nothing;
      await tryAt(hours).catch(() => undefined);
      stage.answer = unrecognized;
      await tryAt(hours + 2);
    }
    expect(refused()).toEqual([]);
    await tryAt(24.1);
    expect(refused()).toMatchObject([{ detail: { mallId: stage.mallId, version: 1 } }]);
  });

  it('tells an operator once a day when nobody was granted anything', async () => {
    await tryAt(0);
    expect(await lasting()).toEqual([]);
    await tryAt(24.1);
    expect(await lasting()).toEqual([stage.mallId]);
    expect(await lasting()).toEqual([]);
    await stage.shiftClock(47 * HOUR);
    expect(await lasting()).toEqual([]);
    await stage.shiftClock(48.2 * HOUR);
    const told = await Promise.all([lasting(), lasting(), lasting()]);
    expect(told.flat()).toEqual([stage.mallId]);
    expect(refused()).toEqual([]);
  });

  it('says nothing of our client when another client was granted something', async () => {
    await tryAt(0);
    await stage.shiftClock(HOUR);
    await grantAnother();
    await stage.test.sql(
      `update cafe24.oauth_tokens set client_id = 'another-client' where mall_id <> $1`,
      [stage.mallId],
    );
    const pipeline = stage.pipelineOf('test-client');
    await stage.shiftClock(25 * HOUR);
    expect(await pipeline.refresh(stage.warning())).toBe('failed');
    expect(refused()).toEqual([]);
  });
});

describe('a hundred malls that are refused for 48 h', () => {
  const malls = Array.from({ length: 100 }, (_, n) => `refused-${String(n)}`);
  const warningOf = (mallId: string): Cafe24ExpiryWarning => ({ ...stage.warning(), mallId });

  it.each([
    { by: 'an outage of the provider', answer: unrecognized },
    { by: 'a wrong secret', answer: wrongSecret },
  ])('by $by are all active, and nobody is asked to authorize', async ({ answer }) => {
    const told: string[] = [];
    const bus = {
      publish: (it: { detailType: string }) => Promise.resolve(void told.push(it.detailType)),
    };
    const pipeline = stage.pipelineOf(undefined, { bus });
    for (const mallId of malls) await pipeline.exchange({ mallId, code: `code-${randomUUID()}` });
    stage.answer = answer;
    for (let hours = 0; hours <= 48; hours += 2) {
      await stage.shiftClock(hours * (HOUR + 1));
      await Promise.allSettled(malls.map((mallId) => pipeline.refresh(warningOf(mallId))));
    }
    const rows = await stage.test.sql(
      `select distinct status, version::int from cafe24.oauth_tokens where mall_id like 'refused-%'`,
    );
    expect(rows).toEqual([{ status: 'active', version: 1 }]);
    expect(told.filter((it) => it === 'TokenRefreshFailed').length).toBe(2_500);
    expect(told).not.toContain('ReauthorizationRequired');
  });
});
