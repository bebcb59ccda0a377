import { describe, expect, test } from 'vitest';
import { EVENTS } from '#events/index.ts';
import { settings as exchangeCafe24Code } from '#functions/exchange-cafe24-code/settings.ts';
import { LOCAL_MALLS } from '#infra/local/local-malls.ts';
import { maxReceiveCount } from '#shared/sqs/retry-policy.ts';
import { DEV_ENVIRONMENT, LOCAL_ENVIRONMENT, synthesize } from '#test/support/synthesized-stack.ts';

const FOURTEEN_DAYS_SECONDS = 1_209_600;
const stack = synthesize();

describe('names', () => {
  test('the function, its queue and its rule carry the name of its folder', () => {
    for (const type of ['aws_lambda_function', 'aws_sqs_queue', 'aws_cloudwatch_event_rule']) {
      expect(stack.named(type, 'tokenline-exchange-cafe24-code')).toBeDefined();
    }
    expect(stack.named('aws_lambda_function', 'tokenline-migrate-database')).toBeDefined();
  });

  test('two prefixes share no name', () => {
    const namesOf = (prefix: string) =>
      Object.values(synthesize({ NAME_PREFIX: prefix }).json.resource)
        .flatMap((byId) => Object.values(byId))
        .flatMap(({ name, function_name, alarm_name }) => [name, function_name, alarm_name])
        .filter((name) => typeof name === 'string' && !name.startsWith('$'));
    const names = namesOf('tokenline');

    expect(names).toContain('tokenline');
    expect(namesOf('other').filter((name) => names.includes(name))).toEqual([]);
  });
});

describe('queues', () => {
  test('a message stays hidden for 6 x the timeout, but for the one named exception', () => {
    const tooShort = stack.all('aws_lambda_event_source_mapping').flatMap((mapping) => {
      const queue = stack.referredBy(mapping.event_source_arn);
      const worker = stack.referredBy(mapping.function_name);
      return queue.visibility_timeout_seconds < 6 * worker.timeout ? [queue.name] : [];
    });

    expect(tooShort).toEqual(['tokenline-exchange-cafe24-code']);
  });

  test('SQS gives a message up only after all receives that its retry policy can need', () => {
    const queue = stack.named('aws_sqs_queue', 'tokenline-exchange-cafe24-code');

    expect(JSON.parse(queue.redrive_policy)).toEqual({
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:tokenline-exchange-cafe24-code-dlq',
      maxReceiveCount: maxReceiveCount(exchangeCafe24Code.retry),
    });
  });

  test.each([
    'tokenline-exchange-cafe24-code-dlq',
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
    });
  });

  test('a DLQ outlives the queue: redrive counts from the first enqueueing', () => {
    const queue = stack.named('aws_sqs_queue', 'tokenline-exchange-cafe24-code');

    expect(queue.message_retention_seconds).toBeLessThan(FOURTEEN_DAYS_SECONDS);
  });

  test('alarms reach the topic of the stage, where there is one', () => {
    const topic = 'arn:aws:sns:eu-west-1:123456789012:alarms';
    const alarms = synthesize({ ALARM_TOPIC_ARN: topic }).all('aws_cloudwatch_metric_alarm');

    expect(alarms.map((alarm) => alarm.alarm_actions)).toEqual([[topic], [topic], [topic]]);
    expect(stack.all('aws_cloudwatch_metric_alarm')[0]).not.toHaveProperty('alarm_actions');
  });
});

describe('workers', () => {
  test('a batch may fail in part, and concurrency has a limit', () => {
    for (const mapping of stack.all('aws_lambda_event_source_mapping')) {
      expect(mapping).toMatchObject({
        function_response_types: ['ReportBatchItemFailures'],
        scaling_config: { maximum_concurrency: 5 },
      });
    }
  });

  test('take messages only after the migration', () => {
    for (const mapping of stack.all('aws_lambda_event_source_mapping')) {
      const worker = stack.referredBy(mapping.function_name);
      const awaited = worker.depends_on.map((name) => stack.referredBy(name));

      expect(awaited.map((resource) => resource.function_name)).toContainEqual(
        expect.stringContaining('aws_lambda_function.migrate-database'),
      );
    }
  });

  test('the migration runs again when its code or its database changes', () => {
    const triggersOf = (changes: Record<string, string>) =>
      synthesize(changes).all('aws_lambda_invocation')[0]?.triggers as unknown;

    expect(triggersOf({})).toMatchObject({ code: 'sha256-of-the-code' });
    expect(triggersOf({ PGHOST: 'other.example.com' })).not.toEqual(triggersOf({}));
    expect(triggersOf({ LOG_RETENTION_DAYS: '1' })).toEqual(triggersOf({}));
  });
});

describe('routes', () => {
  test('an authorization code goes to its queue, whoever published it', () => {
    const rule = stack.named('aws_cloudwatch_event_rule', 'tokenline-exchange-cafe24-code');

    expect(JSON.parse(rule.event_pattern)).toEqual({
      'detail-type': ['AuthorizationCodeArrived'],
    });
  });

  test('what no event is named, or has no name, goes to unrouted-events', () => {
    const rule = stack.named('aws_cloudwatch_event_rule', 'tokenline-unrouted-events');

    expect(JSON.parse(rule.event_pattern)).toEqual({
      'detail-type': [
        { exists: false },
        { 'anything-but': EVENTS.map(({ detailType }) => detailType) },
      ],
    });
  });

  test('what EventBridge cannot hand over is kept', () => {
    const targets = stack.all('aws_cloudwatch_event_target');

    expect(targets).toHaveLength(2);
    for (const target of targets) {
      expect(target.dead_letter_config).toEqual({
        arn: 'arn:aws:sqs:eu-west-1:123456789012:tokenline-undeliverable-events',
      });
    }
  });
});

describe('stages', () => {
  test('the provider may touch the account of the stage only', () => {
    expect(stack.json.provider).toMatchObject({
      aws: [{ allowed_account_ids: ['123456789012'], region: 'eu-west-1' }],
    });
  });

  test('AWS stages keep their state in S3, locked and encrypted', () => {
    expect(stack.json.terraform.backend).toEqual({
      s3: {
        bucket: 'state-bucket',
        key: 'tokenline-dev.tfstate',
        region: 'eu-west-1',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  test('the local stage keeps its state beside what was synthesized, on any checkout path', () => {
    const local = synthesize(LOCAL_ENVIRONMENT);

    expect(local.json.terraform.backend).toEqual({ local: { path: '../../terraform.tfstate' } });
    expect(local.text).not.toContain(process.cwd());
  });

  test('functions are in the network of the stage, where it has one', () => {
    const network = { SUBNET_IDS: 'subnet-1', SECURITY_GROUP_IDS: 'sg-1' };
    for (const fn of synthesize(network).all('aws_lambda_function')) {
      expect(fn.vpc_config).toEqual({ subnet_ids: ['subnet-1'], security_group_ids: ['sg-1'] });
    }
    for (const fn of stack.all('aws_lambda_function')) expect(fn).not.toHaveProperty('vpc_config');
  });

  test("the malls of the local stage fit into a function's 4 KB of variables", () => {
    const local = synthesize({ ...LOCAL_ENVIRONMENT, CAFE24_MALLS: LOCAL_MALLS.join() });
    for (const fn of local.all('aws_lambda_function')) {
      expect(JSON.stringify(fn.environment.variables).length).toBeLessThan(4096);
    }
  });

  test('another version of the AWS provider can be named', () => {
    const { terraform } = synthesize({ AWS_PROVIDER_VERSION: '5.100.0' }).json;

    expect(terraform.required_providers.aws.version).toBe('5.100.0');
    expect(stack.json.terraform.required_providers.aws.version).toBe('6.25.0');
  });

  test('nothing needs more than version 5.100.0 of the provider has', () => {
    const resources = Object.values(stack.json.resource).flatMap((byId) => Object.values(byId));

    expect(resources.filter((resource) => 'region' in resource)).toEqual([]);
    for (const fn of stack.all('aws_lambda_function')) expect(fn.runtime).toBe('nodejs22.x');
    expect(Object.keys(DEV_ENVIRONMENT)).not.toContain('AWS_PROVIDER_VERSION');
  });
});
