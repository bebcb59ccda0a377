import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Attempt } from '#shared/grants/ports.ts';
import type { Database } from '#shared/postgres/database.ts';
import { postgresRefreshAttempts } from '#shared/postgres/refresh-attempts.ts';
import { postgresRefreshedTokens } from '#shared/postgres/refreshed-tokens.ts';
import { someGrant, toSave } from '#test/support/cafe24-world.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let test: TestDatabase;
let mallId: string;
beforeAll(async () => {
  test = await createTestDatabase(inject('localAws').postgres);
});
afterAll(() => test.drop());
beforeEach(async () => {
  mallId = `mall-${randomUUID()}`;
  await test.sql(
    `insert into cafe24.oauth_tokens (mall_id, access_token, expires_at, refresh_token)
     values ($1, 'a', now(), 'r')`,
    [mallId],
  );
});

describe('grants of one mall and one version that come together', () => {
  const GIVEN_UP = 'abandoned';

  /** An attempt at version 1: of several only one can be open, so all are given up. */
  async function attemptAt(baseVersion: number): Promise<Attempt> {
    const attemptId = randomUUID();
    await test.sql(
      `insert into cafe24.token_attempts (attempt_id, mall_id, grant_type, base_version, started_at,
                                          lease_until, finished_at, outcome)
       values ($1, $2, 'refresh_token', $3, now(), now(), now(), $4)`,
      [attemptId, mallId, baseVersion, GIVEN_UP],
    );
    return { attemptId, grantType: 'refresh_token', subject: mallId, baseVersion };
  }

  const commitAll = (answers: readonly { attempt: Attempt; issuedAt: string }[]) => {
    const tokens = postgresRefreshedTokens(test.database);
    return Promise.all(
      answers.map(({ attempt, issuedAt }) => {
        const grant = {
          ...someGrant(mallId),
          refreshToken: `refresh-${issuedAt}`,
          issuedAt: new Date(issuedAt),
        };
        return tokens.commit(attempt, toSave(grant, attempt), false);
      }),
    );
  };
  const row = async () =>
    (
      await test.sql(
        `select version::int, refresh_token from cafe24.oauth_tokens where mall_id = $1`,
        [mallId],
      )
    )[0];

  const early = '2026-03-01T12:00:00Z';
  const late = '2026-03-01T12:00:01Z';
  it.each([
    [early, late, ['overtaken', 'refreshed']],
    [late, early, ['refreshed', 'overtaken']],
  ])('are refreshed by the newest alone: issued %s and %s', async (one, other, outcomes) => {
    const finished = await commitAll([
      { attempt: await attemptAt(1), issuedAt: one },
      { attempt: await attemptAt(1), issuedAt: other },
    ]);
    expect(finished.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(await row()).toEqual({ version: 2, refresh_token: `refresh-${late}` });
    const told = finished.map(({ unpublished }) => unpublished?.detail['version']);
    expect(told.filter((version) => version !== undefined)).toEqual([2]);
  });

  it('are refreshed by the one at the version that stands, however old its answer', async () => {
    await test.sql('update cafe24.oauth_tokens set version = 2 where mall_id = $1', [mallId]);
    const finished = await commitAll([
      { attempt: await attemptAt(1), issuedAt: late },
      { attempt: await attemptAt(2), issuedAt: early },
    ]);
    expect(finished.map(({ outcome }) => outcome)).toEqual(['overtaken', 'refreshed']);
    expect(await row()).toEqual({ version: 3, refresh_token: `refresh-${early}` });
  });
});

describe('a begin whose mall loses rows between its two statements', () => {
  /** Something happens when the leases are taken and nothing is decided yet. */
  const meanwhile = (happen: () => Promise<unknown>): Database => ({
    ...test.database,
    transaction: (work) =>
      test.database.transaction((run) =>
        work(async (statement) => {
          if (statement.text.includes('as verdict')) await happen();
          return await run(statement);
        }),
      ),
  });
  const begin = (happen: () => Promise<unknown>) =>
    postgresRefreshAttempts(meanwhile(happen)).begin({
      ...{ attemptId: randomUUID(), subject: mallId, version: 1, leaseMs: 60_000 },
    });
  const forget = (table: string) => () =>
    test.sql(`delete from cafe24.${table} where mall_id = $1`, [mallId]);
  const attempts = () =>
    test.sql('select base_version from cafe24.token_attempts where mall_id = $1', [mallId]);

  it('finds no grant and gives the lease back when the row is gone', async () => {
    expect(await begin(forget('oauth_tokens'))).toEqual({
      kind: 'not-needed',
      because: 'no-grant',
    });
    expect(await attempts()).toEqual([]);
  });

  it('refreshes a mall without a schedule, which does not rest', async () => {
    expect(await begin(forget('refresh_schedule'))).toMatchObject({
      kind: 'begun',
      attempt: { subject: mallId, baseVersion: 1 },
      refreshToken: 'r',
    });
  });

  it('gives the lease back when the mall is marked and no silent try is planned', async () => {
    await test.sql(`update cafe24.oauth_tokens set status = 'x' where mall_id = $1`, [mallId]);
    expect(await begin(forget('refresh_schedule'))).toEqual({
      kind: 'not-needed',
      because: 'marked',
    });
    expect(await attempts()).toEqual([]);
  });
});
