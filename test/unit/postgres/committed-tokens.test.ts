import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DependencyRefusedError } from '#shared/errors.ts';
import { COMMIT_MS } from '#shared/grants/timing.ts';
import { committedTokens } from '#shared/postgres/committed-tokens.ts';
import type { Database } from '#shared/postgres/database.ts';
import { someGrant, toSave } from '#test/support/cafe24-world.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

const attempt = {
  attemptId: '6f1c1c0e-58a4-4b6e-9a53-0c5d7f0d8a11',
  grantType: 'refresh_token',
  subject: 'a-mall',
  baseVersion: 1,
} as const;

it.each([0, 300, 990])(
  'a fresh commit refused after %d ms and then slow takes the second of one commit',
  async (refusedAfterMs) => {
    const writes: (number | undefined)[] = [];
    const runFresh = ({ withinMs = COMMIT_MS }: { readonly withinMs?: number }) => {
      writes.push(withinMs);
      vi.advanceTimersByTime(writes.length === 1 ? refusedAfterMs : withinMs);
      return Promise.reject(
        writes.length === 1 ? new DependencyRefusedError('refused', 'Never.') : new Error('slow'),
      );
    };
    const tokens = committedTokens({ runFresh } as unknown as Database, () => 'commit');
    const began = performance.now();
    const committed = tokens.commit(attempt, toSave(someGrant('a-mall'), attempt), true);
    await expect(committed).rejects.toThrow('slow');
    expect(writes).toEqual([COMMIT_MS, COMMIT_MS - refusedAfterMs]);
    expect(performance.now() - began).toBe(COMMIT_MS);
  },
);
