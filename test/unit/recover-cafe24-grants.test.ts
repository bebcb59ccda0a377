import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { postgresStores } from '#functions/recover-cafe24-grants/dependencies.ts';
import type { Database } from '#shared/postgres/database.ts';
import { beginRequest, someGrant, toSave } from '#test/support/cafe24-world.ts';

type Stores = ReturnType<typeof postgresStores>;

const attempt = {
  attemptId: randomUUID(),
  grantType: 'refresh_token',
  subject: 'a-mall',
  baseVersion: 1,
} as const;
const save = toSave(someGrant('a-mall'), attempt);
const closure = { outcome: 'abandoned', reason: 'test' } as const;

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout'] }));
afterEach(() => vi.useRealTimers());

describe('what recovery asks of the database', () => {
  it.each<[string, (stores: Stores) => Promise<unknown>]>([
    ['markPublished', ({ attempts }) => attempts.markPublished(attempt.attemptId)],
    ['close', ({ attempts }) => attempts.close(attempt.attemptId, closure)],
    ['commit of a code', ({ tokens }) => tokens.authorization_code.commit(attempt, save, false)],
    ['commit of a refresh', ({ tokens }) => tokens.refresh_token.commit(attempt, save, false)],
    ['begin', ({ codes }) => codes.begin(beginRequest('a-mall', '1'))],
  ])('is asked at once, without a wait for others that do not come: %s', async (_name, ask) => {
    let asked = 0;
    const count = () => {
      asked += 1;
      return Promise.reject(new Error('asked'));
    };
    const database = { run: count, transaction: count } as unknown as Database;
    const failed = ask(postgresStores(database)).catch(() => undefined);
    // No timer goes off here.
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(asked).toBe(1);
    await failed;
  });
});
