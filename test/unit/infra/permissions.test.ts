import { expect, test } from 'vitest';
import { allowed, synthesize } from '#test/support/synthesized-stack.ts';

const stack = synthesize();
const inAccount = (service: string, resource: string) =>
  `arn:aws:${service}:eu-west-1:123456789012:${resource}`;
const policyOf = (name: string, from = stack) =>
  allowed(from.named('aws_iam_role_policy', name).policy);

test('exchange-cafe24-code may consume, reject, publish, read its two secrets and log', () => {
  const queue = [inAccount('sqs', 'tokenline-exchange-cafe24-code')];
  const log = [inAccount('logs', 'log-group:/aws/lambda/tokenline-exchange-cafe24-code:*')];

  expect(policyOf('tokenline-exchange-cafe24-code')).toEqual({
    'sqs:ReceiveMessage': queue,
    'sqs:DeleteMessage': queue,
    'sqs:GetQueueAttributes': queue,
    'sqs:ChangeMessageVisibility': queue,
    'sqs:SendMessage': [inAccount('sqs', 'tokenline-exchange-cafe24-code-dlq')],
    'events:PutEvents': [inAccount('events', 'event-bus/tokenline')],
    'ssm:GetParameter': [
      inAccount('ssm', 'parameter/tokenline/cafe24-client-secret'),
      inAccount('ssm', 'parameter/tokenline/postgres-password'),
    ],
    'logs:CreateLogStream': log,
    'logs:PutLogEvents': log,
  });
});

test('migrate-database may read the password and log', () => {
  const log = [inAccount('logs', 'log-group:/aws/lambda/tokenline-migrate-database:*')];

  expect(policyOf('tokenline-migrate-database')).toEqual({
    'ssm:GetParameter': [inAccount('ssm', 'parameter/tokenline/postgres-password')],
    'logs:CreateLogStream': log,
    'logs:PutLogEvents': log,
  });
});

test('only joining a network is allowed on all resources', () => {
  const inNetwork = synthesize({ SUBNET_IDS: 'subnet-1', SECURITY_GROUP_IDS: 'sg-1' });
  const unlimited = Object.entries(policyOf('tokenline-migrate-database', inNetwork))
    .filter(([, resources]) => resources.includes('*'))
    .map(([action]) => action);

  expect(unlimited).toHaveLength(6);
  expect(unlimited).toEqual(
    unlimited.filter((action) =>
      /^ec2:.*(NetworkInterface|Subnets|PrivateIpAddresses)/.test(action),
    ),
  );
});

test('each function has a role of its own, which Lambda alone may take', () => {
  const roles = stack.all('aws_lambda_function').map((fn) => stack.referredBy(fn.role));

  expect(new Set(roles.map((role) => role.name)).size).toBe(roles.length);
  for (const role of roles) {
    expect(JSON.parse(role.assume_role_policy)).toMatchObject({
      Statement: [{ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
  }
});

test('EventBridge may send to a queue for the rules of that queue only', () => {
  const rules = stack.all('aws_sqs_queue').map((queue) => {
    const policy = JSON.parse('policy' in queue ? queue.policy : '{"Statement":[]}') as {
      Statement: { Resource: string; Condition: { ArnEquals: { 'aws:SourceArn': string[] } } }[];
    };
    const sources = policy.Statement.map(({ Condition }) => Condition.ArnEquals['aws:SourceArn']);
    return [queue.name, sources.flat()] as const;
  });
  const exchange = inAccount('events', 'rule/tokenline/tokenline-exchange-cafe24-code');
  const unrouted = inAccount('events', 'rule/tokenline/tokenline-unrouted-events');

  expect(Object.fromEntries(rules)).toEqual({
    'tokenline-exchange-cafe24-code': [exchange],
    'tokenline-exchange-cafe24-code-dlq': [],
    'tokenline-unrouted-events': [unrouted],
    'tokenline-undeliverable-events': [exchange, unrouted],
  });
});
