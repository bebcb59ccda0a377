import { expect, test } from 'vitest';
import { settings as exchangeCafe24Code } from '#functions/exchange-cafe24-code/settings.ts';
import { settings as recordSlaErrors } from '#functions/record-sla-errors/settings.ts';
import { settings as refreshCafe24Token } from '#functions/refresh-cafe24-token/settings.ts';
import { settings as refreshClaroshopToken } from '#functions/refresh-claroshop-token/settings.ts';
import { maxReceiveCount } from '#shared/sqs/retry-policy.ts';
import { synthesize } from '#test/support/synthesized-stack.ts';

const FOURTEEN_DAYS_SECONDS = 1_209_600;
/** Of a Postgres server, without the 3 that it keeps for administrators. */
const MAX_CONNECTIONS = 97;
const CONNECTIONS_OF_A_POOL = 10;

const stack = synthesize();
const WORKERS = [exchangeCafe24Code, refreshCafe24Token, refreshClaroshopToken, recordSlaErrors];
const mappings = stack.all('aws_lambda_event_source_mapping').map((mapping) => ({
  ...mapping,
  queue: stack.referredBy(mapping.event_source_arn),
  worker: stack.referredBy(mapping.function_name),
}));

test('a message stays hidden for 6 x the timeout, but for the one named exception', () => {
  const tooShort = mappings.filter(
    ({ queue, worker }) => queue.visibility_timeout_seconds < 6 * worker.timeout,
  );

  expect(tooShort.map(({ queue }) => queue.name)).toEqual(['tokenline-exchange-cafe24-code']);
});

test.each(WORKERS)(
  '$name: SQS gives a message up only after all receives of its retry policy',
  ({ name, retry }) => {
    const queue = stack.named('aws_sqs_queue', `tokenline-${name}`);

    expect(JSON.parse(queue.redrive_policy)).toEqual({
      deadLetterTargetArn: `arn:aws:sqs:eu-west-1:123456789012:tokenline-${name}-dlq`,
      maxReceiveCount: maxReceiveCount(retry, queue.visibility_timeout_seconds),
    });
  },
);

test.each([
  ...WORKERS.map(({ name }) => `tokenline-${name}-dlq`),
  'tokenline-unrouted-events',
  'tokenline-undeliverable-events',
])('%s keeps messages for 14 days and alarms from the first one on', (name) => {
  const queue = stack.named('aws_sqs_queue', name);
  expect(queue.message_retention_seconds).toBe(FOURTEEN_DAYS_SECONDS);

  expect(stack.named('aws_cloudwatch_metric_alarm', name)).toMatchObject({
    metric_name: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: name },
    comparison_operator: 'GreaterThanThreshold',
    threshold: 0,
    evaluation_periods: 1,
  });
});

test('a DLQ outlives its queue: redrive counts from the first enqueueing', () => {
  for (const { queue } of mappings) {
    expect(queue.message_retention_seconds).toBeLessThan(FOURTEEN_DAYS_SECONDS);
  }
});

test('a batch may fail in part, and is as its settings say', () => {
  for (const mapping of mappings) {
    expect(mapping.function_response_types).toEqual(['ReportBatchItemFailures']);
  }
  const batches = mappings.map(({ batch_size, maximum_batching_window_in_seconds: window }) => [
    batch_size,
    window,
  ]);

  expect(batches).toEqual([
    [10, 0],
    [10, 0],
    [10, 0],
    [100, 1],
  ]);
});

test('the workers with a database leave connections for the sweeps and an operator', () => {
  const atOnce = mappings
    .filter(({ worker }) => 'PGHOST' in worker.environment.variables)
    .map(({ scaling_config }) => scaling_config.maximum_concurrency);
  const used = atOnce.reduce((sum, count) => sum + count, 0) * CONNECTIONS_OF_A_POOL;

  expect(atOnce).toEqual([5, 3]);
  expect(used).toBeLessThan(MAX_CONNECTIONS);
});

test('every concurrency has a limit', () => {
  for (const { scaling_config } of mappings) {
    expect(scaling_config.maximum_concurrency).toBeGreaterThanOrEqual(2);
  }
});
