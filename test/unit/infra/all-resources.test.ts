import { expect, test } from 'vitest';
import { synthesize } from '#test/support/synthesized-stack.ts';

/** With every resource that a stage can have. */
const stack = synthesize({
  DYNAMODB_TABLE: 'FileSlaErrors',
  API_ACCESS_LOG: 'enabled-with-account-role',
  LOG_RETENTION_DAYS: '30',
});

test('every queue is encrypted', () => {
  const queues = stack.all('aws_sqs_queue');
  expect(queues.length).toBeGreaterThan(8);
  for (const queue of queues) expect(queue).toMatchObject({ sqs_managed_sse_enabled: true });
});

test('every alarm looks at each minute, and at nothing above 0', () => {
  const alarms = stack.all('aws_cloudwatch_metric_alarm');
  expect(alarms.length).toBeGreaterThan(15);
  for (const alarm of alarms) {
    expect(alarm).toMatchObject({
      period: 60,
      threshold: 0,
      comparison_operator: 'GreaterThanThreshold',
      treat_missing_data: 'notBreaching',
    });
  }
});

test('every log is kept as long as the stage says, and belongs to somebody', () => {
  const logs = stack.all('aws_cloudwatch_log_group');
  for (const log of logs) expect(log).toMatchObject({ retention_in_days: 30 });

  const functions = stack.all('aws_lambda_function').map((fn) => `/aws/lambda/${fn.function_name}`);
  expect(logs.map(({ name }) => name).sort()).toEqual(
    ['/aws/apigateway/tokenline-api', ...functions].sort(),
  );
});

test('every table is encrypted, paid by use, kept and guarded', () => {
  const tables = stack.all('aws_dynamodb_table');
  expect(tables.length).toBeGreaterThan(2);
  for (const table of tables) {
    expect(table).toMatchObject({
      billing_mode: 'PAY_PER_REQUEST',
      server_side_encryption: { enabled: true },
      point_in_time_recovery: { enabled: true },
      deletion_protection_enabled: true,
    });
  }
});
