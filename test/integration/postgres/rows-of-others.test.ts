import { describe, expect, it } from 'vitest';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { postgresSchedule } from '#shared/postgres/schedule.ts';
import { Cafe24Stage } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();
const HOUR = 3_600;

/** Other software writes a value into the mall's row. */
async function write(column: string, value: unknown): Promise<void> {
  const text = `update cafe24.oauth_tokens set ${column} = $2 where mall_id = $1`;
  await stage.test.sql(text, [stage.mallId, value]);
}

const last = () => stage.published.at(-1);

describe('a refresh token that nobody can have issued', () => {
  it.each(['', ' ', '\t', 'with\na line', 'with\u0001a control', 'decoded-\ufffd'])(
    'is not posted: %j asks for a reauthorization',
    async (refreshToken) => {
      await stage.authorize();
      await write('refresh_token', refreshToken);
      expect(await stage.refresh(2)).toBe('refused');
      expect(stage.posts).toHaveLength(1);
      expect(last()).toMatchObject({
        detailType: 'ReauthorizationRequired',
        detail: { version: 2, reason: 'grant-revoked' },
      });
      expect(await stage.row()).toMatchObject({ status: 'reauthorization-required' });
    },
  );

  it('is forgotten with the next one that other software writes', async () => {
    await stage.authorize();
    await write('refresh_token', '');
    await stage.refresh(2);
    await write('refresh_token', 'a new one');
    expect(await stage.row()).toMatchObject({ version: 3, status: 'active' });
    expect(await stage.refresh(3)).toBe('refreshed');
  });
});

describe('a stored code that nobody can have issued', () => {
  it.each(['', ' ', 'with\na line', 'with\u0001a control', 'decoded-\ufffd'])(
    'is not posted, but rejected',
    async (code) => {
      const [row] = await stage.test.sql(
        `insert into cafe24.oauth_authorization_codes (mall_id, code) values ($1, $2) returning id`,
        [stage.mallId, code],
      );
      const detail = { mallId: stage.mallId, codeId: row?.['id'] };
      const message = AuthorizationCodeArrived.schema.parse(detail);
      expect(await stage.pipeline.exchange(message)).toBe('rejected');
      expect(stage.posts).toEqual([]);
      expect(last()).toMatchObject({ detail: { reason: 'code-rejected' } });
      const [attempt] = await stage.test.sql(
        'select outcome, reason from cafe24.token_attempts where mall_id = $1',
        [stage.mallId],
      );
      expect(attempt).toEqual({ outcome: 'rejected', reason: 'never-issued' });
    },
  );
});

describe('client_id', () => {
  it.each(['Test-Client', 'TEST-CLIENT', ' test-client ', '', ' ', null])(
    'is ours when it is %j',
    async (clientId) => {
      await stage.authorize();
      await write('client_id', clientId);
      const pipeline = stage.pipelineOf('test-client');
      expect(await pipeline.refresh(stage.warning())).toBe('refreshed');
      await stage.shiftClock(3 * HOUR);
      const due = await postgresSchedule(stage.test.database, 'test-client').markDue(1_000);
      expect(due.map(({ mallId }) => mallId)).toContain(stage.mallId);
    },
  );

  it('is another’s when it is another text', async () => {
    await stage.authorize();
    await write('client_id', 'test-client-2');
    const pipeline = stage.pipelineOf('test-client');
    expect(await pipeline.refresh(stage.warning())).toBe('of-another-client');
  });
});

describe('status', () => {
  it.each(['ACTIVE', 'Active', ' active '])('%j is active', async (status) => {
    await stage.authorize();
    await write('status', status);
    await stage.shiftClock(2 * HOUR);
    expect(await stage.warn()).toMatchObject([{ reason: 'expiring' }]);
    expect(await stage.refresh(1)).toBe('refreshed');
    expect(await stage.row()).toMatchObject({ version: 2, status: 'active' });
  });

  it.each(['revoked', 'expired', ''])(
    '%j is a mark, tried silently after an hour',
    async (status) => {
      await stage.authorize();
      await write('status', status);
      expect(await stage.refresh(1)).toBe('marked');
      await stage.shiftClock(HOUR + 1);
      expect(await stage.warn()).toMatchObject([{ reason: 'retry' }]);
      expect(await stage.refresh(1)).toBe('refreshed');
      expect(await stage.row()).toMatchObject({ status: 'active' });
    },
  );
});

describe('expires_at', () => {
  it.each(['infinity', '294276-12-31', '10000-01-01', '9999-12-31'])(
    '%s is due when the usual life of a token is over',
    async (expiresAt) => {
      await stage.authorize();
      await write('expires_at', expiresAt);
      expect(await stage.warn()).toEqual([]);
      await stage.shiftClock(2 * HOUR);
      const warnings = await stage.warn();
      expect(warnings).toMatchObject([{ mallId: stage.mallId, reason: 'expiring' }]);
      expect(warnings[0]?.expiresAt ?? expiresAt).toContain(expiresAt);
    },
  );

  it.each(['-infinity', '0044-03-15 BC', '2001-01-01'])('%s is due at once', async (expiresAt) => {
    await stage.authorize();
    await write('expires_at', expiresAt);
    expect(await stage.warn()).toHaveLength(1);
  });
});

describe('what says nothing', () => {
  it.each([
    ['scopes', null],
    ['scopes', []],
    ['user_id', null],
    ['token_type', ''],
    ['issued_at', 'infinity'],
    ['updated_at', '-infinity'],
    ['refresh_token_expires_at', 'infinity'],
    ['refresh_token_expires_at', '-infinity'],
  ])('%s = %j keeps no grant from being refreshed', async (column, value) => {
    await stage.authorize();
    await write(column, value);
    expect(await stage.refresh(1)).toBe('refreshed');
  });
});

describe('mall_id', () => {
  it.each(['UPPER-Mall', ' blank-mall ', 'My_Shop', '일점'])(
    '%j is left out by the sweep, which says so and serves the others',
    async (mallId) => {
      await stage.authorize();
      await stage.test.sql(
        `insert into cafe24.oauth_tokens (mall_id, access_token, expires_at, refresh_token)
         values ($1, 'a', '2000-01-01', 'r')`,
        [mallId],
      );
      await stage.shiftClock(2 * HOUR);
      const { warnings, leftOut } = await stage.pipeline.warn();
      expect(warnings.map((it) => it.mallId)).toContain(stage.mallId);
      expect(leftOut).toContainEqual(expect.stringContaining(`${mallId}: mallId: `));
      await stage.test.sql('delete from cafe24.oauth_tokens where mall_id = $1', [mallId]);
    },
  );
});
