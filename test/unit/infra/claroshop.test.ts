import { expect, test } from 'vitest';
import { synthesize } from '#test/support/synthesized-stack.ts';

const stack = synthesize();

test('the sweep runs every minute, where the stage has its schedules enabled', () => {
  const name = 'tokenline-warn-claroshop-expiry';
  const disabled = synthesize({ SCHEDULES: 'disabled' });

  expect(stack.named('aws_cloudwatch_event_rule', name)).toMatchObject({
    schedule_expression: 'rate(1 minute)',
    state: 'ENABLED',
  });
  expect(disabled.named('aws_cloudwatch_event_rule', name).state).toBe('DISABLED');
});

test.each([
  ['claroshop-credentials-refused', 'ClaroshopCredentialsRefused', 1],
  ['claroshop-tokens-expired', 'ClaroshopTokensExpired', 3],
])('%s raises an alarm', (name, metric, minutes) => {
  expect(stack.named('aws_cloudwatch_metric_alarm', `tokenline-${name}`)).toMatchObject({
    namespace: 'tokenline',
    metric_name: metric,
    dimensions: { service: 'warn-claroshop-expiry' },
    comparison_operator: 'GreaterThanThreshold',
    threshold: 0,
    evaluation_periods: minutes,
  });
});

test('what a direct invocation fails by our own fault raises an alarm', () => {
  const name = 'tokenline-obtain-claroshop-token-misconfigured';

  expect(stack.named('aws_cloudwatch_log_metric_filter', name)).toMatchObject({
    log_group_name: expect.stringContaining('obtain-claroshop-token') as string,
    pattern: '{ $.code = "misconfigured" }',
  });
  expect(stack.named('aws_cloudwatch_metric_alarm', name)).toMatchObject({ metric_name: name });
});

test.each(['CLAROSHOP_USERNAME_PARAMETER', 'CLAROSHOP_PASSWORD_PARAMETER'])(
  '%s below the path of the tokens is refused',
  (name) => {
    expect(() => synthesize({ [name]: '/claroshop/credentials' })).toThrow(
      `${name}: expected a name that is not below /claroshop`,
    );
  },
);

test('a password grant fits into the time that a sweep leaves before the token ends', () => {
  const { timeout } = stack.named('aws_lambda_function', 'tokenline-refresh-claroshop-token');
  const { CLAROSHOP_MARGIN_SECONDS } = stack.named(
    'aws_lambda_function',
    'tokenline-warn-claroshop-expiry',
  ).environment.variables;

  // A sweep that is 60 s late, a try that fails at its very end, a rest of 60 s less.
  expect(Number(CLAROSHOP_MARGIN_SECONDS)).toBeGreaterThanOrEqual(60 + timeout + 60);
});
