import { expect, test } from 'vitest';
import {
  type ReadableResource,
  readableResources,
  shortNameOf,
  synthesizeProd,
} from '#test/support/readable-stack.ts';

// Every property of every resource, but those that have tests of their own beside this one.

const stack = synthesizeProd();
const all = (type: string, ...elsewhere: readonly string[]) =>
  readableResources(stack, type, elsewhere);

test('a function runs on Node 22 for ARM, from its own archive, under its own role, into its own log', () => {
  const elsewhere = ['environment', 'timeout', 'vpc_config'];
  for (const found of all('aws_lambda_function', ...elsewhere)) {
    const name = shortNameOf(found, 'function_name');
    expect(found).toEqual({
      function_name: `tokenline-${name}`,
      architectures: ['arm64'],
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      memory_size: 256,
      role: `iam_role(tokenline-${name}).arn`,
      s3_bucket: `s3_object(${name}.zip).bucket`,
      s3_key: `s3_object(${name}.zip).key`,
      source_code_hash: `sha256-of-${name}`,
      logging_config: {
        log_format: 'JSON',
        log_group: `cloudwatch_log_group(/aws/lambda/tokenline-${name}).name`,
      },
    });
  }
});

test('code lies in one bucket, which goes with the stack', () => {
  expect(all('aws_s3_bucket')).toEqual([
    { bucket: 'tokenline-code-123456789012-eu-west-1', force_destroy: true },
  ]);
  for (const found of all('aws_s3_object')) {
    const name = String(found['key']).replace('.zip', '');
    expect(found).toEqual({
      bucket: 's3_bucket(tokenline-code-123456789012-eu-west-1).bucket',
      key: `${name}.zip`,
      source: expect.stringMatching(`^assets/.*_${name}_.*/code\\.zip$`) as string,
      source_hash: `sha256-of-${name}`,
    });
  }
});

test('a role is for Lambda, and has the one policy of its name', () => {
  for (const found of all('aws_iam_role')) {
    const { assume_role_policy: policy, ...rest } = found;
    expect(rest).toEqual({ name: found['name'] });
    expect(JSON.parse(String(policy))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    });
  }
  const policies = all('aws_iam_role_policy');
  for (const { name, role, policy, ...rest } of policies) {
    expect(rest).toEqual({});
    expect(role).toBe(`iam_role(${String(name)}).name`);
    const { Version, Statement } = JSON.parse(String(policy)) as {
      readonly Version: string;
      readonly Statement: readonly Record<string, unknown>[];
    };
    expect(Version).toBe('2012-10-17');
    for (const { Effect, Sid } of Statement)
      expect([Effect, typeof Sid]).toEqual(['Allow', 'string']);
    expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
  }
  expect(policies.map(nameless).sort()).toEqual(all('aws_iam_role').map(nameless).sort());
});
const nameless = (resource: ReadableResource) => shortNameOf(resource);

test('every function and the API have a log that is kept for so long as the stage says', () => {
  const functions = stack.all('aws_lambda_function');
  const logs = functions.map((it) => `/aws/lambda/${it.function_name}`);
  expect(all('aws_cloudwatch_log_group').map(nameAndDays).sort()).toEqual(
    ['/aws/apigateway/tokenline-api', ...logs].map((name) => `${name} 30`).sort(),
  );
});
const nameAndDays = ({ name, retention_in_days: days, ...rest }: ReadableResource) => {
  expect(rest).toEqual({});
  return `${String(name)} ${String(days)}`;
};

test('a scheduled function is not tried again: the next minute does that', () => {
  for (const found of all('aws_lambda_function_event_invoke_config')) {
    expect(found).toEqual({
      function_name: expect.stringMatching(/^lambda_function\(.*\)\.function_name$/) as string,
      maximum_event_age_in_seconds: 60,
      maximum_retry_attempts: 0,
    });
  }
  const configured = all('aws_lambda_function_event_invoke_config').map(
    (it) => it['function_name'],
  );
  const scheduled = all('aws_cloudwatch_event_target')
    .filter((it) => it['target_id'] === 'function')
    .map((it) => String(it['arn']).replace('.arn', '.function_name'));
  expect(configured.sort()).toEqual(scheduled.sort());
});

test('the database is migrated by a function of the deploy, anew when what it is told changes', () => {
  const [found] = all('aws_lambda_invocation');
  const { environment } = stack.named('aws_lambda_function', 'tokenline-migrate-database');
  expect(found).toEqual({
    function_name: 'lambda_function(tokenline-migrate-database).function_name',
    input: '{}',
    triggers: {
      ...environment.variables,
      ...(found?.['triggers'] as object),
    },
  });
});
