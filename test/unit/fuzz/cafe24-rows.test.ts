import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenUnavailableError } from '#client/index.ts';
import { postgresAnnouncements } from '#shared/postgres/announcements.ts';
import { decideRefreshes } from '#shared/postgres/begin-refresh.ts';
import type { Database } from '#shared/postgres/database.ts';
import { postgresRemains } from '#shared/postgres/remains.ts';
import { postgresSchedule } from '#shared/postgres/schedule.ts';
import { holdsForEach, oddText } from '#test/support/fuzz.ts';
import { readTokenRow } from '../../../client/token-row.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const HEALTHY = 'healthy-mall';
const ATTEMPT = '0b5e2b0e-7c3c-4c56-9d0b-0f8f6f0d7a11';

/** A text column takes any text but U+0000, and no half of a surrogate pair. */
const texts = oddText.map((text) => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, ''));
/** `bigint`, as pg reads it. */
const ids = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
/** `timestamptz`, as pg reads it: any year that Postgres has, and its two infinities. */
const instants = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.constantFrom(Infinity, -Infinity, new Date(NaN)),
);

/** A database whose statements bring these rows, read as the real one reads them. */
function databaseWith(rows: readonly unknown[]): Database {
  const run: Database['run'] = ({ row }) => Promise.resolve(rows.map((found) => row.parse(found)));
  return { run } as unknown as Database;
}

test('whatever other software stored of a grant, the sweep finds its mall and those beside it', async () => {
  const reasons = fc.constantFrom('expiring', 'rejected', 'retry');
  const due = fc.record({ mall_id: texts, version: ids, expires_at: instants, reason: reasons });
  const healthy = { mall_id: HEALTHY, version: '3', expires_at: NOW, reason: 'expiring' };
  await holdsForEach(fc.array(due, { maxLength: 4 }), async (rows) => {
    const found = await postgresSchedule(databaseWith([...rows, healthy])).markDue(10);

    expect(found.map(({ mallId }) => mallId)).toEqual([...rows.map((row) => row.mall_id), HEALTHY]);
    expect(found.at(-1)).toEqual({
      mallId: HEALTHY,
      version: 3,
      expiresAt: NOW,
      reason: 'expiring',
    });
    for (const { expiresAt = NOW } of found) expect(() => expiresAt.toISOString()).not.toThrow();
  });
});

test('whatever other software stored for a refresh token, it is begun with to the letter, and costs nobody', async () => {
  const begun = fc.record({
    verdict: fc.constant('refreshing'),
    attempt_id: fc.uuid(),
    mall_id: texts,
    version: fc.nat().map(String),
    refresh_token: texts,
  });
  const healthy = { verdict: 'no-grant', attempt_id: ATTEMPT, mall_id: null, refresh_token: null };
  await holdsForEach(begun, async (row) => {
    const database = databaseWith([row, healthy]);
    const decided = await decideRefreshes((it) => database.run(it), [], undefined);

    expect(decided.get(row.attempt_id)).toMatchObject({
      attempt: { subject: row.mall_id },
      refreshToken: row.refresh_token,
    });
    expect(decided.get(ATTEMPT)).toEqual({ kind: 'not-needed', because: 'no-grant' });
  });
});

test('whatever other software stored for a code, its row is found and costs no other', async () => {
  const code = fc.record({ mall_id: texts, id: ids, announcement_id: fc.uuid() });
  const healthy = { mall_id: HEALTHY, id: '1', announcement_id: ATTEMPT };
  await holdsForEach(fc.array(code, { maxLength: 4 }), async (codes) => {
    const rows = [...codes, healthy];
    const waiting = await postgresAnnouncements(databaseWith(rows)).markWaiting([], 10);
    const young = await postgresRemains(databaseWith(rows)).youngCodes(10);

    expect(waiting.map(({ codeId }) => codeId)).toEqual(rows.map(({ id }) => id));
    expect(young.map(({ codeId }) => codeId)).toEqual(rows.map(({ id }) => id));
  });
});

test('whatever lies for an unpublished event, it costs no other outcome of its page', async () => {
  const outcome = fc.record({
    attempt_id: fc.uuid(),
    outcome: fc.constant('refreshed'),
    mall_id: texts,
    event: fc.oneof(fc.jsonValue(), fc.record({ detailType: texts, detail: fc.jsonValue() })),
  });
  const event = { detailType: 'TokenRefreshed', detail: { mallId: HEALTHY } };
  const healthy = { attempt_id: ATTEMPT, outcome: 'refreshed', mall_id: HEALTHY, event };
  await holdsForEach(outcome, async (row) => {
    const found = await postgresRemains(databaseWith([row, healthy])).unpublished(10, []);

    expect(found).toHaveLength(2);
    expect(found[1]).toMatchObject({ subject: HEALTHY, unpublished: event });
  });
});

test('an application gets a token to the letter, or hears why there is none', async () => {
  // As an application's own type parsers may read the columns.
  const numbers = fc.oneof(fc.integer(), fc.double(), texts, fc.constant(null), ids);
  const row = fc.record({
    access_token: fc.oneof({ weight: 9, arbitrary: texts }, fc.constant(null)),
    version: fc.oneof(fc.nat().map(String), numbers),
    status: fc.oneof(fc.constantFrom('active', ' ACTIVE ', 'revoked'), texts, fc.constant(null)),
    expires_at_ms: fc.oneof(fc.constant(NOW.getTime()), numbers),
    lives_ms: fc.oneof(fc.constant(7_200_000), numbers),
  });
  await holdsForEach(row, async (found) => {
    const database = { query: () => Promise.resolve({ rows: [found] }) };
    const read = await readTokenRow(HEALTHY, { database, clock: () => NOW }).catch(
      (error: unknown) => error,
    );

    if (read instanceof TokenUnavailableError) return;
    expect(read).toMatchObject({ token: { accessToken: found.access_token } });
    const { token } = read as Awaited<ReturnType<typeof readTokenRow>>;
    expect(() => token.expiresAt.toISOString()).not.toThrow();
  });
});
