import { describe, expect, test } from 'vitest';
import { synthesize } from '#test/support/synthesized-stack.ts';

const stack = synthesize();
const SWEEPS = ['tokenline-recover-cafe24-grants', 'tokenline-warn-cafe24-expiry'];

describe('the migration', () => {
  test('comes before every function that talks to Postgres', () => {
    const others = stack
      .all('aws_lambda_function')
      .filter((fn) => 'PGHOST' in fn.environment.variables)
      .filter((fn) => fn.function_name !== 'tokenline-migrate-database');

    expect(others).toHaveLength(7);
    for (const fn of others) {
      const awaited = fn.depends_on.map((name) => stack.referredBy(name).function_name);
      expect(awaited).toContainEqual(expect.stringMatching(/aws_lambda_function\..*migrate/));
    }
  });

  test('runs again when its code or one of its variables changes', () => {
    const triggersOf = (changes: Record<string, string>) =>
      synthesize(changes).all('aws_lambda_invocation')[0]?.triggers as unknown;
    const triggers = triggersOf({});

    expect(triggers).toMatchObject({ code: 'sha256-of-migrate-database' });
    expect(triggersOf({ PGHOST: 'other.example.com' })).not.toEqual(triggers);
    expect(triggersOf({ REFRESH_MARGIN_SECONDS: '60' })).not.toEqual(triggers);
    expect(triggersOf({ REFRESH_JITTER_SECONDS: '60' })).not.toEqual(triggers);
    expect(triggersOf({ LOG_RETENTION_DAYS: '1' })).toEqual(triggers);
  });
});

const ANNOUNCE = 'tokenline-announce-cafe24-codes';

describe('the watch for codes', () => {
  const stateOf = (changes: Record<string, string>) =>
    synthesize(changes).named('aws_cloudwatch_event_rule', ANNOUNCE).state;

  test('is off, until the stage wants it and has its schedules enabled', () => {
    expect(stateOf({})).toBe('DISABLED');
    expect(stateOf({ CAFE24_CODE_WATCH: 'enabled' })).toBe('ENABLED');
    expect(stateOf({ CAFE24_CODE_WATCH: 'enabled', SCHEDULES: 'disabled' })).toBe('DISABLED');
  });

  test('is asked for by name: {} is what a person sends', () => {
    const inputs = stack
      .all('aws_cloudwatch_event_target')
      .map(({ rule, input }) => [stack.referredBy(rule).name, input]);

    expect(Object.fromEntries(inputs)).toMatchObject({
      [ANNOUNCE]: '{"watch":true}',
      ...Object.fromEntries(SWEEPS.map((name) => [name, undefined])),
    });
  });

  test('a person’s run is told whose codes it announces, where the stage says so', () => {
    const variablesOf = (changes: Record<string, string>) =>
      synthesize(changes).named('aws_lambda_function', ANNOUNCE).environment.variables;

    expect(variablesOf({})).not.toHaveProperty('CAFE24_MALL_ID');
    expect(variablesOf({ CAFE24_MALL_ID: 'mall-two' })['CAFE24_MALL_ID']).toBe('mall-two');
  });
});

describe.each([...SWEEPS, ANNOUNCE])('%s', (name) => {
  const stack = synthesize({ CAFE24_CODE_WATCH: 'enabled' });
  const rule = stack.named('aws_cloudwatch_event_rule', name);

  test('runs every minute, where the stage has its schedules enabled', () => {
    const disabled = synthesize({ SCHEDULES: 'disabled', CAFE24_CODE_WATCH: 'enabled' });

    expect(rule).toMatchObject({ schedule_expression: 'rate(1 minute)', state: 'ENABLED' });
    expect(disabled.named('aws_cloudwatch_event_rule', name).state).toBe('DISABLED');
  });

  test('is invoked by its rule and by no other', () => {
    const permissions = stack
      .all('aws_lambda_permission')
      .filter((it) => stack.referredBy(it.function_name).function_name === name);

    expect(permissions).toHaveLength(1);
    expect(stack.referredBy(permissions[0]!.source_arn)).toBe(rule);
  });

  test('is not repeated when it failed: the next minute comes anyway', () => {
    const config = stack
      .all('aws_lambda_function_event_invoke_config')
      .find((it) => stack.referredBy(it.function_name).function_name === name);

    expect(config).toMatchObject({ maximum_retry_attempts: 0, maximum_event_age_in_seconds: 60 });
  });

  test('alarms when it fails for five minutes', () => {
    expect(stack.named('aws_cloudwatch_metric_alarm', `${name}-errors`)).toMatchObject({
      namespace: 'AWS/Lambda',
      metric_name: 'Errors',
      dimensions: { FunctionName: name },
      evaluation_periods: 5,
    });
  });
});

test('grants that come near their end although they are refreshed raise an alarm', () => {
  const alarm = stack.named('aws_cloudwatch_metric_alarm', 'tokenline-refresh-tokens-ending-soon');

  expect(alarm).toMatchObject({
    namespace: 'tokenline',
    metric_name: 'RefreshTokensEndingSoon',
    dimensions: { service: 'warn-cafe24-expiry' },
    comparison_operator: 'GreaterThanThreshold',
    threshold: 0,
  });
});

test('what recovery can not finish for 5 minutes raises an alarm', () => {
  expect(stack.named('aws_cloudwatch_metric_alarm', 'tokenline-recovery-failed')).toMatchObject({
    namespace: 'tokenline',
    metric_name: 'RecoveryFailed',
    dimensions: { service: 'recover-cafe24-grants' },
    comparison_operator: 'GreaterThanThreshold',
    threshold: 0,
    evaluation_periods: 5,
  });
});

test.each(['exchange-cafe24-code', 'refresh-cafe24-token', 'record-sla-errors'])(
  '%s raises an alarm at the first message that our configuration fails',
  (worker) => {
    const name = `tokenline-${worker}-misconfigured`;
    const transformation = { name, namespace: 'tokenline', value: '1' };

    expect(stack.named('aws_cloudwatch_log_metric_filter', name)).toMatchObject({
      pattern: '{ $.code = "misconfigured" }',
      metric_transformation: transformation,
    });
    expect(stack.named('aws_cloudwatch_metric_alarm', name)).toMatchObject({
      ...{ namespace: 'tokenline', metric_name: name, statistic: 'Sum', threshold: 0 },
    });
  },
);

test.each(['exchange-cafe24-code', 'refresh-cafe24-token'])(
  '%s raises an alarm when it was answered with another mall’s grant',
  (worker) => {
    const name = `tokenline-${worker}-grant-of-another-mall`;
    expect(stack.named('aws_cloudwatch_log_metric_filter', name)).toMatchObject({
      pattern: '{ $.code = "grant-of-another-mall" }',
      log_group_name: expect.stringContaining(worker) as string,
    });
    expect(stack.named('aws_cloudwatch_metric_alarm', name)).toMatchObject({ metric_name: name });
  },
);

test('what Cafe24 refuses for a day in words that nobody knows raises an alarm', () => {
  const name = 'tokenline-refusal-unrecognized';
  expect(stack.named('aws_cloudwatch_log_metric_filter', name)).toMatchObject({
    pattern: '{ $.code = "refusal-unrecognized" }',
  });
  expect(stack.named('aws_cloudwatch_metric_alarm', name)).toMatchObject({
    ...{ namespace: 'tokenline', metric_name: name, statistic: 'Sum', threshold: 0 },
  });
});

test('alarms reach the topic of the stage, where there is one', () => {
  const topic = 'arn:aws:sns:eu-west-1:123456789012:alarms';
  const alarms = synthesize({ ALARM_TOPIC_ARN: topic }).all('aws_cloudwatch_metric_alarm');

  for (const { alarm_actions } of alarms) expect(alarm_actions).toEqual([topic]);
  for (const alarm of stack.all('aws_cloudwatch_metric_alarm')) {
    expect(alarm).not.toHaveProperty('alarm_actions');
  }
});
