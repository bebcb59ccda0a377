import { expect, test } from 'vitest';
import {
  ConfigurationError,
  DependencyRefusedError,
  DependencyUnavailableError,
  InvalidMessageError,
  PublishFailedError,
  RuleViolatedError,
} from '#shared/errors.ts';
import { fateOf } from '#shared/sqs/fates.ts';

test.each([
  [new InvalidMessageError('mallId: expected a mall id'), 'reject', 'invalid-message'],
  [new RuleViolatedError('mall-not-configured', 'no'), 'reject', 'mall-not-configured'],
  [new DependencyRefusedError('code-refused', 'no'), 'reject', 'code-refused'],
  [new DependencyUnavailableError('database-unavailable', 'no'), 'retry', 'database-unavailable'],
  [new PublishFailedError('no'), 'retry', 'publish-failed'],
  [new ConfigurationError('no'), 'retry', 'misconfigured'],
])('$name has the fate and the code that it carries', (error, fate, code) => {
  expect(fateOf(error)).toEqual({ fate, code, error, retryAfterSeconds: undefined });
});

test("an error's retryAfterSeconds comes along", () => {
  const throttled = new DependencyUnavailableError('throttled', 'no', { retryAfterSeconds: 7 });

  expect(fateOf(throttled).retryAfterSeconds).toBe(7);
});

test('an unknown error is retried', () => {
  const bug = new TypeError('x is undefined');

  expect(fateOf(bug)).toMatchObject({ fate: 'retry', code: 'unknown-error', error: bug });
});

test.each([['a string with a secret'], [42], [null], [undefined], [{ fate: 'reject' }]])(
  'what is no error (%o) is retried, and its value is told to nobody',
  (thrown) => {
    const { fate, code, error } = fateOf(thrown);

    expect({ fate, code }).toEqual({ fate: 'retry', code: 'unknown-error' });
    expect(error.message).toMatch(/^Something that is no Error was thrown \([a-z]+\)$/);
  },
);
