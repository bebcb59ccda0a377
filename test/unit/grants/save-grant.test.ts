import { describe, expect, it } from 'vitest';
import { saveGrant } from '#shared/grants/save-grant.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const attempt = {
  attemptId: 'attempt-1',
  grantType: 'refresh_token',
  subject: 'test-mall',
  baseVersion: 0,
} as const;
const save = { grant: 'the grant', event: { detailType: 'TokenIssued', detail: {} } };
const issued = { attemptId: 'attempt-1', outcome: 'issued', unpublished: undefined };

/** Each try costs 1 s; `tokens` and `escrow` are at work again after so many failures. */
function saveWith(failures: { tokens: number; escrow: number }, remainingMs = 20_000) {
  const left = { ...failures };
  const calls: string[] = [];
  const call = <Result>(store: 'tokens' | 'escrow', name: string, result: Result) => {
    calls.push(name);
    remainingMs -= 1_000;
    return left[store]-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve(result);
  };
  const log = recordingLog();
  const saved = saveGrant(attempt, save, {
    log,
    deadline: { remainingMs: () => remainingMs },
    stores: {
      tokens: { commit: (_, __, fresh) => call('tokens', fresh ? 'fresh' : 'commit', issued) },
      escrow: {
        put: () => call('escrow', 'escrow', undefined),
        read: () => Promise.resolve(undefined),
        delete: () => Promise.resolve(),
        list: () => Promise.resolve([]),
      },
      pause: () => Promise.resolve(),
    },
  });
  return { saved, calls, log };
}

describe('saveGrant', () => {
  it('commits once when the store takes it', async () => {
    const { saved, calls } = saveWith({ tokens: 0, escrow: 0 });
    expect(await saved).toEqual(issued);
    expect(calls).toEqual(['commit']);
  });

  it('repeats on fresh connections', async () => {
    const { saved, calls } = saveWith({ tokens: 2, escrow: 0 });
    expect(await saved).toEqual(issued);
    expect(calls).toEqual(['commit', 'fresh', 'fresh']);
  });

  it('puts into escrow what three commits could not save', async () => {
    const { saved, calls } = saveWith({ tokens: 99, escrow: 0 });
    expect(await saved).toBe('escrowed');
    expect(calls).toEqual(['commit', 'fresh', 'fresh', 'escrow']);
  });

  it('tries both in turn until one of them is back', async () => {
    const { saved, calls } = saveWith({ tokens: 99, escrow: 2 });
    expect(await saved).toBe('escrowed');
    expect(calls.slice(3)).toEqual(['escrow', 'fresh', 'escrow', 'fresh', 'escrow']);
  });

  it('gives up at the deadline only, and keeps the message', async () => {
    const { saved, calls } = saveWith({ tokens: 99, escrow: 99 });
    await expect(saved).rejects.toMatchObject({ fate: 'retry', code: 'grant-not-saved' });
    expect(calls).toHaveLength(19);
  });

  it('tries once even when the deadline has come', async () => {
    const { saved, calls } = saveWith({ tokens: 0, escrow: 0 }, 0);
    expect(await saved).toEqual(issued);
    expect(calls).toEqual(['commit']);
  });

  it('writes the grant into no log', async () => {
    const { saved, log } = saveWith({ tokens: 2, escrow: 0 });
    await saved;
    expect(log.lines).toHaveLength(2);
    expect(JSON.stringify(log.lines)).not.toContain('the grant');
  });
});
