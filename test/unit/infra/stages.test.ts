import { expect, test } from 'vitest';
import { DEV_ENVIRONMENT, LOCAL_ENVIRONMENT, synthesize } from '#test/support/synthesized-stack.ts';

const stack = synthesize();

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

test('functions that talk to Postgres are in the network of the stage, and no others', () => {
  const network = { SUBNET_IDS: 'subnet-1', SECURITY_GROUP_IDS: 'sg-1' };
  for (const fn of synthesize(network).all('aws_lambda_function')) {
    const expected = { subnet_ids: ['subnet-1'], security_group_ids: ['sg-1'] };
    expect(fn.vpc_config).toEqual('PGHOST' in fn.environment.variables ? expected : undefined);
  }
  for (const fn of stack.all('aws_lambda_function')) expect(fn).not.toHaveProperty('vpc_config');
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
