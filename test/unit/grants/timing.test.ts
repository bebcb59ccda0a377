import { describe, expect, it } from 'vitest';
import {
  assertTimeToAttempt,
  COMMIT_MS,
  COMMITS_BEFORE_ESCROW,
  ESCROW_MS,
  PAUSE_MS,
  postTimeoutMs,
  TIME_TO_SAVE_MS,
} from '#shared/grants/timing.ts';

describe('the time of an attempt', () => {
  it('keeps three commits of 1 s, an escrow put of 2 s and 1 s of air for saving', () => {
    expect(TIME_TO_SAVE_MS).toBe(6_000);
  });

  it('is enough for all commits, the pauses between them and the escrow, each at its longest', () => {
    const commitsMs = COMMITS_BEFORE_ESCROW * (COMMIT_MS + PAUSE_MS);
    expect(commitsMs + ESCROW_MS).toBeLessThan(TIME_TO_SAVE_MS);
  });

  it('gives the provider what remains', () => {
    expect(postTimeoutMs(20_000)).toBe(14_000);
  });

  it('does not ask when the provider would have less than 3 s', () => {
    expect(postTimeoutMs(9_000)).toBe(3_000);
    expect(postTimeoutMs(8_999)).toBeUndefined();
  });

  it('lets no function start whose timeout is too short', () => {
    expect(() => {
      assertTimeToAttempt(9_000);
    }).toThrow('9000 ms is too short');
    assertTimeToAttempt(20_000);
  });
});
