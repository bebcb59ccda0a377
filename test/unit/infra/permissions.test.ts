import { expect, test } from 'vitest';
import { allowed, synthesize } from '#test/support/synthesized-stack.ts';

const stack = synthesize();
const inAccount = (service: string, resource: string) =>
  `arn:aws:${service}:eu-west-1:123456789012:${resource}`;
const policyOf = (name: string, from = stack) =>
  from.named('aws_iam_role_policy', `tokenline-${name}`).policy;

const bus = [inAccount('events', 'event-bus/tokenline')];
const password = inAccount('ssm', 'parameter/tokenline/postgres-password');
const cafe24Secret = inAccount('ssm', 'parameter/tokenline/cafe24-client-secret');
const escrow = [inAccount('dynamodb', 'table/tokenline-grant-escrow')];
const slaErrors = inAccount('dynamodb', 'table/tokenline-FileSlaErrors');

function consume(name: string) {
  const queue = [inAccount('sqs', `tokenline-${name}`)];
  return {
    'sqs:ReceiveMessage': queue,
    'sqs:DeleteMessage': queue,
    'sqs:GetQueueAttributes': queue,
    'sqs:ChangeMessageVisibility': queue,
    'sqs:SendMessage': [inAccount('sqs', `tokenline-${name}-dlq`)],
  };
}

const attempts = inAccount('dynamodb', 'table/tokenline-grant-attempts');
const claroshopTokens = [inAccount('ssm', 'parameter/claroshop/*')];
const claroshopCredentials = ['password', 'username'].map((it) =>
  inAccount('ssm', `parameter/tokenline/claroshop-${it}`),
);
const keepClaroshop = {
  'ssm:GetParameters': claroshopTokens,
  'ssm:PutParameter': claroshopTokens,
  'ssm:DeleteParameter': claroshopTokens,
  'dynamodb:GetItem': [attempts, ...escrow],
  'dynamodb:PutItem': [attempts],
  'dynamodb:UpdateItem': [attempts],
  'dynamodb:DeleteItem': [attempts, ...escrow],
  'dynamodb:Query': escrow,
  'events:PutEvents': bus,
};
const obtainClaroshop = {
  ...keepClaroshop,
  'dynamodb:PutItem': [attempts, ...escrow],
  'ssm:GetParameter': claroshopCredentials,
};

const attempt = {
  'dynamodb:PutItem': escrow,
  'dynamodb:GetItem': escrow,
  'dynamodb:DeleteItem': escrow,
};

test.each([
  ['migrate-database', { 'ssm:GetParameter': [password] }],
  [
    'exchange-cafe24-code',
    {
      ...consume('exchange-cafe24-code'),
      ...attempt,
      'events:PutEvents': bus,
      'ssm:GetParameter': [cafe24Secret, password],
    },
  ],
  [
    'refresh-cafe24-token',
    {
      ...consume('refresh-cafe24-token'),
      ...attempt,
      'events:PutEvents': bus,
      'ssm:GetParameter': [cafe24Secret, password],
    },
  ],
  ['refresh-claroshop-token', { ...consume('refresh-claroshop-token'), ...obtainClaroshop }],
  ['obtain-claroshop-token', obtainClaroshop],
  ['warn-claroshop-expiry', keepClaroshop],
  ['announce-cafe24-codes', { 'events:PutEvents': bus, 'ssm:GetParameter': [password] }],
  ['warn-cafe24-expiry', { 'events:PutEvents': bus, 'ssm:GetParameter': [password] }],
  [
    'recover-cafe24-grants',
    {
      'dynamodb:Query': escrow,
      'dynamodb:GetItem': escrow,
      'dynamodb:DeleteItem': escrow,
      'events:PutEvents': bus,
      'ssm:GetParameter': [password],
    },
  ],
  [
    'record-sla-errors',
    {
      ...consume('record-sla-errors'),
      'dynamodb:PartiQLInsert': [slaErrors],
      'dynamodb:PartiQLUpdate': [slaErrors],
      'events:PutEvents': bus,
    },
  ],
  ['start-cafe24-authorization', { 'ssm:GetParameter': [password] }],
  ['receive-cafe24-code', { 'events:PutEvents': bus, 'ssm:GetParameter': [password] }],
  ['authenticate-user', {}],
  ['submit-sla-errors', { 'events:PutEvents': bus }],
  [
    'find-sla-errors',
    {
      'dynamodb:Query': [`${slaErrors}/index/AffectedDateIndex`, `${slaErrors}/index/FolderIndex`],
    },
  ],
])('%s may do what it needs, and write its log', (name, needed) => {
  const log = [inAccount('logs', `log-group:/aws/lambda/tokenline-${name}:*`)];

  expect(allowed(policyOf(name))).toEqual({
    ...needed,
    'logs:CreateLogStream': log,
    'logs:PutLogEvents': log,
  });
});

test.each(['exchange-cafe24-code', 'refresh-cafe24-token', 'recover-cafe24-grants'])(
  '%s reaches the escrowed grants of Cafe24 only',
  (name) => {
    const { Statement } = JSON.parse(policyOf(name)) as { Statement: { Sid: string }[] };

    expect(Statement.find(({ Sid }) => Sid === 'Escrow')).toMatchObject({
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['cafe24'] } },
    });
  },
);

test.each(['refresh-claroshop-token', 'obtain-claroshop-token', 'warn-claroshop-expiry'])(
  '%s reaches the items of ClaroShop and of the served accounts only, and no Postgres',
  (name) => {
    const served = synthesize({ CLAROSHOP_ACCOUNTS: 'second,third' });
    const { Statement } = JSON.parse(policyOf(name, served)) as {
      Statement: { Sid: string; Condition: object; Resource: string[] }[];
    };
    const statementOf = (sid: string) => Statement.find(({ Sid }) => Sid === sid);
    const keys = (...of: string[]) => ({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': of },
    });

    expect(statementOf('Escrow')?.Condition).toEqual(keys('claroshop'));
    expect(statementOf('Attempts')?.Condition).toEqual(keys('claroshop:second', 'claroshop:third'));
    expect(statementOf('KeepTokens')?.Resource).toEqual(
      ['second', 'third'].map((account) =>
        inAccount('ssm', `parameter/claroshop/accounts/${account}/*`),
      ),
    );
    expect(
      served.named('aws_lambda_function', `tokenline-${name}`).environment.variables,
    ).not.toHaveProperty('PGHOST');
  },
);

test("further accounts' credentials are those behind the default one's names", () => {
  const served = synthesize({ CLAROSHOP_ACCOUNTS: 'default,second' });

  expect(allowed(policyOf('obtain-claroshop-token', served))['ssm:GetParameter']).toEqual(
    claroshopCredentials.flatMap((arn) => [arn, `${arn}/second`]),
  );
});

test('a key of its own may encrypt and decrypt the tokens, and nothing else may be done with it', () => {
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/1';
  const encrypted = synthesize({ CLAROSHOP_KMS_KEY_ARN: key });

  expect(allowed(policyOf('warn-claroshop-expiry', encrypted))).toMatchObject({
    'kms:Encrypt': [key],
    'kms:GenerateDataKey': [key],
    'kms:Decrypt': [key],
  });
});

test('a policy of as many accounts as may be served is not longer than IAM takes', () => {
  const accounts = Array.from(
    { length: 20 },
    (_, it) => `${'a'.repeat(47)}${String(it).padStart(2, '0')}`,
  );
  const served = synthesize({ CLAROSHOP_ACCOUNTS: accounts.join() });

  expect(policyOf('obtain-claroshop-token', served).length).toBeLessThan(10_240);
});

test('only joining a network is allowed on all resources', () => {
  const inNetwork = synthesize({ SUBNET_IDS: 'subnet-1', SECURITY_GROUP_IDS: 'sg-1' });
  const unlimited = Object.entries(allowed(policyOf('migrate-database', inNetwork)))
    .filter(([, resources]) => resources.includes('*'))
    .map(([action]) => action);

  expect(unlimited).toHaveLength(6);
  expect(unlimited).toEqual(
    unlimited.filter((action) =>
      /^ec2:.*(NetworkInterface|Subnets|PrivateIpAddresses)/.test(action),
    ),
  );
});

test('each statement has a name of its own in its policy', () => {
  for (const { policy } of stack.all('aws_iam_role_policy')) {
    const { Statement } = JSON.parse(policy) as { Statement: { Sid: string }[] };
    const names = Statement.map(({ Sid }) => Sid);

    expect(new Set(names).size).toBe(names.length);
  }
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
  const routed = [
    'exchange-cafe24-code',
    'refresh-cafe24-token',
    'refresh-claroshop-token',
    'record-sla-errors',
    'unrouted-events',
  ].map((name) => [`tokenline-${name}`, inAccount('events', `rule/tokenline/tokenline-${name}`)]);

  expect(Object.fromEntries(rules)).toEqual({
    ...Object.fromEntries(routed.map(([queue, rule]) => [queue, [rule]])),
    'tokenline-exchange-cafe24-code-dlq': [],
    'tokenline-refresh-cafe24-token-dlq': [],
    'tokenline-refresh-claroshop-token-dlq': [],
    'tokenline-record-sla-errors-dlq': [],
    'tokenline-undeliverable-events': routed.map(([, rule]) => rule),
  });
});

test('the secret of an adopted client may be read by the function that signs in, and by no other', () => {
  const adopted = synthesize({
    COGNITO_USER_POOL_ID: 'eu-west-1_theirs',
    COGNITO_CLIENT_ID: 'theirs',
    COGNITO_CLIENT_SECRET_PARAMETER: '/tokenline/cognito-client-secret',
  });
  const secret = inAccount('ssm', 'parameter/tokenline/cognito-client-secret');
  const readers = adopted
    .all('aws_iam_role_policy')
    .filter(({ policy }) => allowed(policy)['ssm:GetParameter']?.includes(secret));

  expect(readers.map(({ name }) => name)).toEqual(['tokenline-authenticate-user']);
});

test('the table of another system may be read and its items added to, by one function alone', () => {
  const adopted = synthesize({ DYNAMODB_TABLE: 'FileSlaErrors' });
  const name = 'backfill-sla-errors';
  const theirs = [inAccount('dynamodb', 'table/FileSlaErrors')];
  const progress = [inAccount('dynamodb', `table/tokenline-${name}`)];
  const log = [inAccount('logs', `log-group:/aws/lambda/tokenline-${name}:*`)];

  expect(allowed(policyOf(name, adopted))).toEqual({
    'dynamodb:DescribeTable': theirs,
    'dynamodb:Scan': theirs,
    'dynamodb:PartiQLUpdate': theirs,
    'dynamodb:GetItem': progress,
    'dynamodb:PutItem': progress,
    'logs:CreateLogStream': log,
    'logs:PutLogEvents': log,
  });
  const scanners = adopted
    .all('aws_iam_role_policy')
    .filter(({ policy }) => allowed(policy)['dynamodb:Scan'] !== undefined);
  expect(scanners.map((it) => it.name)).toEqual([`tokenline-${name}`]);
});
