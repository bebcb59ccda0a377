import { expect, test } from 'vitest';
import { readableResources, shortNameOf, synthesizeProd } from '#test/support/readable-stack.ts';

// Every property of every resource, but those that have tests of their own beside this one.

const stack = synthesizeProd();
const all = (type: string, ...elsewhere: readonly string[]) =>
  readableResources(stack, type, elsewhere);
const BUS = 'tokenline';

test('a queue is encrypted, and has what its place needs: a DLQ, senders, time', () => {
  const elsewhere = ['lifecycle', 'redrive_policy', 'visibility_timeout_seconds'];
  for (const found of all('aws_sqs_queue', ...elsewhere, 'policy')) {
    const { redrive_allow_policy: allowed, ...rest } = found;
    const name = shortNameOf(found);
    const keepsLong = /-dlq$|^un/.test(name);
    expect(rest).toEqual({
      name: `tokenline-${name}`,
      sqs_managed_sse_enabled: true,
      message_retention_seconds: keepsLong ? 1_209_600 : 345_600,
    });
    const source = `arn:aws:sqs:eu-west-1:123456789012:tokenline-${name.replace(/-dlq$/, '')}`;
    expect(JSON.parse((allowed ?? 'null') as string)).toEqual(
      name.endsWith('-dlq') ? { redrivePermission: 'byQueue', sourceQueueArns: [source] } : null,
    );
  }
});

test('a queue takes events from the rules that lead to it, and from nobody else', () => {
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:eu-west-1:123456789012:${resource}`;
  const led = stack
    .all('aws_cloudwatch_event_rule')
    .filter((it) => 'event_pattern' in it)
    .map(({ name = '' }) => name);
  for (const { name = '', policy } of stack.all('aws_sqs_queue')) {
    const rules = name === 'tokenline-undeliverable-events' ? led : led.filter((it) => it === name);
    if (rules.length === 0) {
      expect(policy).toBeUndefined();
      continue;
    }
    const { Version, Statement } = JSON.parse(policy) as {
      readonly Version: string;
      readonly Statement: readonly Record<string, unknown>[];
    };
    expect(Version).toBe('2012-10-17');
    expect(Statement).toHaveLength(1);
    expect(Statement[0]).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arn('sqs', name),
    });
    const { ArnEquals } = Statement[0]?.['Condition'] as {
      readonly ArnEquals: Readonly<Record<string, string | readonly string[]>>;
    };
    expect([ArnEquals['aws:SourceArn']].flat().sort()).toEqual(
      rules.map((rule) => arn('events', `rule/${BUS}/${rule}`)).sort(),
    );
  }
});

test('a rule leads from the bus to the queue of its name, or from the clock to the function of its name', () => {
  for (const found of all('aws_cloudwatch_event_rule', 'event_pattern', 'state')) {
    const isSchedule = found['event_bus_name'] === undefined;
    expect(found).toEqual({
      name: expect.stringMatching(/^tokenline-/) as string,
      ...(isSchedule && { schedule_expression: 'rate(1 minute)' }),
      ...(!isSchedule && { event_bus_name: `cloudwatch_event_bus(${BUS}).name` }),
    });
  }
  for (const found of all('aws_cloudwatch_event_target', 'input')) {
    const rule = /\((.*)\)\.name$/.exec(String(found['rule']))?.[1] ?? '';
    const isSchedule = found['target_id'] === 'function';
    const arn = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}`;
    expect(found).toEqual({
      rule: `cloudwatch_event_rule(${rule}).name`,
      ...(isSchedule && { target_id: 'function', arn: `lambda_function(${rule}).arn` }),
      ...(!isSchedule && {
        target_id: 'queue',
        arn: arn(rule),
        event_bus_name: `cloudwatch_event_bus(${BUS}).name`,
        dead_letter_config: { arn: arn('tokenline-undeliverable-events') },
      }),
    });
  }
  expect(all('aws_cloudwatch_event_bus')).toEqual([{ name: BUS }]);
});

test('a mapping takes from a queue for the function of its name', () => {
  const elsewhere = ['batch_size', 'maximum_batching_window_in_seconds', 'scaling_config'];
  for (const found of all('aws_lambda_event_source_mapping', ...elsewhere)) {
    const name = /\((.*)\)/.exec(String(found['function_name']))?.[1] ?? '';
    expect(found).toEqual({
      function_name: `lambda_function(${name}).arn`,
      event_source_arn: `sqs_queue(${name}).arn`,
      function_response_types: ['ReportBatchItemFailures'],
    });
  }
});
