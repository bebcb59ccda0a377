import { expect, test } from 'vitest';
import {
  ALARM_TOPIC,
  readableResources,
  shortNameOf,
  synthesizeProd,
} from '#test/support/readable-stack.ts';

// Every property of every resource, but those that have tests of their own beside this one.

const stack = synthesizeProd();
const all = (type: string, ...elsewhere: readonly string[]) =>
  readableResources(stack, type, elsewhere);

test('an alarm looks every minute, is silent while nothing is told, and goes to the topic', () => {
  const elsewhere = ['alarm_description', 'dimensions', 'metric_name', 'statistic'];
  for (const found of all('aws_cloudwatch_metric_alarm', ...elsewhere)) {
    const isOurs = found['namespace'] === 'tokenline';
    const isOfQueue = found['namespace'] === 'AWS/SQS';
    expect(found).toEqual({
      alarm_name: expect.stringMatching(/^tokenline-/) as string,
      namespace: isOurs ? 'tokenline' : isOfQueue ? 'AWS/SQS' : 'AWS/Lambda',
      period: 60,
      comparison_operator: 'GreaterThanThreshold',
      threshold: 0,
      evaluation_periods: expect.any(Number) as number,
      treat_missing_data: 'notBreaching',
      alarm_actions: [ALARM_TOPIC],
      ok_actions: [ALARM_TOPIC],
    });
  }
});

test('an alarm rings at the first sign, but for what may heal by itself', () => {
  const patient = all('aws_cloudwatch_metric_alarm')
    .filter((it) => it['evaluation_periods'] !== 1)
    .map((it) => `${shortNameOf(it, 'alarm_name')} ${String(it['evaluation_periods'])}`);
  expect(patient.sort()).toMatchInlineSnapshot(`
    [
      "announce-cafe24-codes-errors 5",
      "claroshop-tokens-expired 3",
      "recover-cafe24-grants-errors 5",
      "recovery-failed 5",
      "warn-cafe24-expiry-errors 5",
      "warn-claroshop-expiry-errors 5",
    ]
  `);
});

test('an alarm of a function or a queue looks at that one, and one of ours at its own count', () => {
  const looked = all('aws_cloudwatch_metric_alarm').map((it) => {
    const { alarm_name: name, metric_name: metric, statistic, dimensions } = it;
    return `${String(name)}: ${String(statistic)} ${String(metric)} ${JSON.stringify(dimensions)}`;
  });
  expect(looked.sort()).toMatchInlineSnapshot(`
    [
      "tokenline-announce-cafe24-codes-errors: Sum Errors {"FunctionName":"tokenline-announce-cafe24-codes"}",
      "tokenline-claroshop-credentials-refused: Maximum ClaroshopCredentialsRefused {"service":"warn-claroshop-expiry"}",
      "tokenline-claroshop-tokens-expired: Maximum ClaroshopTokensExpired {"service":"warn-claroshop-expiry"}",
      "tokenline-exchange-cafe24-code-dlq: Maximum ApproximateNumberOfMessagesVisible {"QueueName":"tokenline-exchange-cafe24-code-dlq"}",
      "tokenline-exchange-cafe24-code-grant-of-another-mall: Sum tokenline-exchange-cafe24-code-grant-of-another-mall {}",
      "tokenline-exchange-cafe24-code-misconfigured: Sum tokenline-exchange-cafe24-code-misconfigured {}",
      "tokenline-obtain-claroshop-token-misconfigured: Sum tokenline-obtain-claroshop-token-misconfigured {}",
      "tokenline-record-sla-errors-dlq: Maximum ApproximateNumberOfMessagesVisible {"QueueName":"tokenline-record-sla-errors-dlq"}",
      "tokenline-record-sla-errors-misconfigured: Sum tokenline-record-sla-errors-misconfigured {}",
      "tokenline-recover-cafe24-grants-errors: Sum Errors {"FunctionName":"tokenline-recover-cafe24-grants"}",
      "tokenline-recovery-failed: Maximum RecoveryFailed {"service":"recover-cafe24-grants"}",
      "tokenline-refresh-cafe24-token-dlq: Maximum ApproximateNumberOfMessagesVisible {"QueueName":"tokenline-refresh-cafe24-token-dlq"}",
      "tokenline-refresh-cafe24-token-grant-of-another-mall: Sum tokenline-refresh-cafe24-token-grant-of-another-mall {}",
      "tokenline-refresh-cafe24-token-misconfigured: Sum tokenline-refresh-cafe24-token-misconfigured {}",
      "tokenline-refresh-claroshop-token-dlq: Maximum ApproximateNumberOfMessagesVisible {"QueueName":"tokenline-refresh-claroshop-token-dlq"}",
      "tokenline-refresh-claroshop-token-misconfigured: Sum tokenline-refresh-claroshop-token-misconfigured {}",
      "tokenline-refresh-tokens-ending-soon: Maximum RefreshTokensEndingSoon {"service":"warn-cafe24-expiry"}",
      "tokenline-refusal-unrecognized: Sum tokenline-refusal-unrecognized {}",
      "tokenline-undeliverable-events: Maximum ApproximateNumberOfMessagesVisible {"QueueName":"tokenline-undeliverable-events"}",
      "tokenline-unrouted-events: Maximum ApproximateNumberOfMessagesVisible {"QueueName":"tokenline-unrouted-events"}",
      "tokenline-warn-cafe24-expiry-errors: Sum Errors {"FunctionName":"tokenline-warn-cafe24-expiry"}",
      "tokenline-warn-claroshop-expiry-errors: Sum Errors {"FunctionName":"tokenline-warn-claroshop-expiry"}",
    ]
  `);
});

test('a metric of ours counts the lines of one function that have its code', () => {
  const counted = all('aws_cloudwatch_log_metric_filter').map((found) => {
    const { name, log_group_name: logGroup, ...rest } = found;
    const functionName = /group\(\/aws\/lambda\/(.*)\)\.name/.exec(String(logGroup))?.[1];
    const code = /^\{ \$\.code = "(.*)" \}$/.exec(String(found['pattern']))?.[1];
    expect(rest).toEqual({
      pattern: found['pattern'],
      metric_transformation: { name, namespace: 'tokenline', value: '1' },
    });
    return `${String(name)}: ${String(code)} in ${String(functionName)}`;
  });
  expect(counted.sort()).toMatchInlineSnapshot(`
    [
      "tokenline-exchange-cafe24-code-grant-of-another-mall: grant-of-another-mall in tokenline-exchange-cafe24-code",
      "tokenline-exchange-cafe24-code-misconfigured: misconfigured in tokenline-exchange-cafe24-code",
      "tokenline-obtain-claroshop-token-misconfigured: misconfigured in tokenline-obtain-claroshop-token",
      "tokenline-record-sla-errors-misconfigured: misconfigured in tokenline-record-sla-errors",
      "tokenline-refresh-cafe24-token-grant-of-another-mall: grant-of-another-mall in tokenline-refresh-cafe24-token",
      "tokenline-refresh-cafe24-token-misconfigured: misconfigured in tokenline-refresh-cafe24-token",
      "tokenline-refresh-claroshop-token-misconfigured: misconfigured in tokenline-refresh-claroshop-token",
      "tokenline-refusal-unrecognized: refusal-unrecognized in tokenline-warn-cafe24-expiry",
    ]
  `);
});
