import { describe, expect, test } from 'vitest';
import { settings } from '#functions/exchange-cafe24-code/settings.ts';
import { backoffSeconds, maxReceiveCount, retryDelaySeconds } from '#shared/sqs/retry-policy.ts';

const POLICY = { horizonSeconds: 600, firstDelaySeconds: 2, maxDelaySeconds: 60 };
const NO_JITTER = () => 0;
const FULL_JITTER = () => 0.999999;

describe('backoffSeconds', () => {
  test('the backoff doubles with each receive until its cap', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 1000].map((n) => backoffSeconds(POLICY, n, FULL_JITTER));

    expect(delays).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  });

  test('jitter takes away at most half of the backoff', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((n) => backoffSeconds(POLICY, n, NO_JITTER));

    expect(delays).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });

  test('a backoff is a whole number of seconds, rounded up', () => {
    const policy = { horizonSeconds: 75, firstDelaySeconds: 1, maxDelaySeconds: 5 };

    expect(backoffSeconds(policy, 1, NO_JITTER)).toBe(1);
    expect(backoffSeconds(policy, 9, NO_JITTER)).toBe(3);
  });
});

describe('retryDelaySeconds', () => {
  const delay = (failed: { ageSeconds?: number; retryAfterSeconds?: number }) =>
    retryDelaySeconds(POLICY, { receiveCount: 3, ageSeconds: 0, ...failed }, FULL_JITTER);

  test("a dependency's retryAfterSeconds is a floor, also above the cap", () => {
    expect(delay({ retryAfterSeconds: 90.5 })).toBe(91);
  });

  test("a backoff that is longer than the dependency's retryAfterSeconds stays", () => {
    expect(delay({ retryAfterSeconds: 3 })).toBe(8);
  });

  test('a message is not hidden beyond its horizon', () => {
    expect(delay({ ageSeconds: 595, retryAfterSeconds: 90 })).toBe(5);
  });

  test('a message is hidden for at least 1 s', () => {
    expect(delay({ ageSeconds: 599.9 })).toBe(1);
  });

  test('a message that stays past its horizon has the backoff of a younger one', () => {
    expect(delay({ ageSeconds: 600 })).toBe(8);
    expect(delay({ ageSeconds: 700 })).toBe(8);
  });

  test('a message is never hidden for longer than SQS allows', () => {
    const policy = { ...POLICY, horizonSeconds: 86_400 };
    const failed = { receiveCount: 1, ageSeconds: 0, retryAfterSeconds: 80_000 };

    expect(retryDelaySeconds(policy, failed, NO_JITTER)).toBe(42_300);
  });
});

describe('maxReceiveCount', () => {
  test('the exchange of codes needs 28 receives until its horizon and has 10 to spare', () => {
    expect(settings.retry).toEqual({
      horizonSeconds: 75,
      firstDelaySeconds: 1,
      maxDelaySeconds: 5,
    });
    expect(maxReceiveCount(settings.retry, settings.visibilityTimeoutSeconds)).toBe(38);
  });

  test('the shortest backoffs reach the horizon with 10 receives to spare', () => {
    let ageSeconds = 0;
    let receiveCount = 1;
    while (ageSeconds < POLICY.horizonSeconds && receiveCount < 1000) {
      ageSeconds += backoffSeconds(POLICY, receiveCount, NO_JITTER);
      receiveCount += 1;
    }

    expect(maxReceiveCount(POLICY, 360)).toBe(receiveCount + 10);
  });

  test('a visibility timeout that is shorter than a backoff needs more receives', () => {
    // 2 + 4 + 8 s, then 10 s a receive until 600 s; the last one at the horizon.
    const slow = { horizonSeconds: 600, firstDelaySeconds: 4, maxDelaySeconds: 120 };

    expect(maxReceiveCount(slow, 10)).toBe(3 + 59 + 1 + 10);
  });
});
