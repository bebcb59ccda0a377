import { describe, expect, it } from 'vitest';
import { saveGrant } from '#shared/grants/save-grant.ts';
import { COMMIT_MS, ESCROW_MS, TIME_TO_SAVE_MS } from '#shared/grants/timing.ts';
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

/**
 * The worst that can be: the provider took all of its time, and each try takes all of its own.
 *
 * @param firstCommitMs a shared one whose set is repeated takes twice as long as another.
 */
async function walkWorstCase(firstCommitMs: number) {
  let remainingMs = TIME_TO_SAVE_MS;
  const walked: (readonly [call: string, remainingMs: number])[] = [];
  const take = (call: string, ms: number) => {
    walked.push([call, remainingMs]);
    remainingMs -= ms;
    return Promise.resolve();
  };
  const saved = await saveGrant(attempt, save, {
    log: recordingLog(),
    deadline: { remainingMs: () => remainingMs },
    stores: {
      tokens: {
        commit: async (_, __, fresh) => {
          await (fresh ? take('fresh', COMMIT_MS) : take('commit', firstCommitMs));
          throw new Error('away');
        },
      },
      escrow: {
        put: () => take('escrow', ESCROW_MS),
        read: () => Promise.resolve(undefined),
        delete: () => Promise.resolve(),
        list: () => Promise.resolve([]),
      },
      pause: (ms) => take('pause', ms),
    },
  });
  return { saved, walked, remainingMs };
}

describe('the escrow, when every try takes its longest', () => {
  it('has its turn in time after three commits', async () => {
    const { saved, walked, remainingMs } = await walkWorstCase(COMMIT_MS);
    expect(saved).toBe('escrowed');
    expect(walked.map(([call]) => call)).toEqual([
      ...['commit', 'fresh', 'pause', 'fresh', 'pause', 'escrow'],
    ]);
    expect(remainingMs).toBeGreaterThanOrEqual(0);
  });

  it('has its turn sooner after a first commit that was repeated without a refused row', async () => {
    const { saved, walked, remainingMs } = await walkWorstCase(2 * COMMIT_MS);
    expect(saved).toBe('escrowed');
    expect(walked.map(([call]) => call)).toEqual(['commit', 'fresh', 'pause', 'escrow']);
    expect(remainingMs).toBeGreaterThanOrEqual(0);
  });

  it.each([0, 1_000, 2_000, 3_000, 4_000])(
    'has all of its time, though the first commit took %d ms',
    async (firstCommitMs) => {
      const { walked } = await walkWorstCase(firstCommitMs);
      const [, leftForEscrowMs] = walked.at(-1)!;
      expect(leftForEscrowMs).toBeGreaterThanOrEqual(ESCROW_MS);
    },
  );
});

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
