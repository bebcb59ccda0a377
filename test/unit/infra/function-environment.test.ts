import { expect, test } from 'vitest';
import { FUNCTION_CONFIGS } from '#infra/function-configs.ts';
import { LOCAL_MALLS } from '#infra/local/local-malls.ts';
import {
  functionVariables,
  LOCAL_ENVIRONMENT,
  synthesize,
} from '#test/support/synthesized-stack.ts';

/** With all functions: one serves only a table that is there already. */
const stack = synthesize({ DYNAMODB_TABLE: 'FileSlaErrors' });

const variablesOf = (name: string, from = stack) => functionVariables(from, name);

const CONFIGS = Object.entries(FUNCTION_CONFIGS);
/** Lambda brings it itself. */
const OF_LAMBDA = { AWS_REGION: 'eu-west-1' };
/** Read by Node, not by us. */
const OF_NODE = ['NODE_EXTRA_CA_CERTS'];

test.each(CONFIGS)('%s gets every variable that it reads, and no other', (name, config) => {
  const variables = variablesOf(name);
  const unread = Object.keys(variables).filter((it) => !(it in config.shape));

  expect(config.safeParse({ ...OF_LAMBDA, ...variables }).error).toBeUndefined();
  expect(unread.filter((it) => !OF_NODE.includes(it))).toEqual([]);
});

test('no function is forgotten here', () => {
  const names = stack.all('aws_lambda_function').map((fn) => fn.function_name);

  expect(names.sort()).toEqual(CONFIGS.map(([name]) => `tokenline-${name}`));
});

test('secrets are named, never told', () => {
  const secrets = CONFIGS.flatMap(([name]) => Object.keys(variablesOf(name)))
    .filter((it) => /PASSWORD|SECRET/.test(it))
    .filter((it) => !it.endsWith('_PARAMETER'));

  expect(secrets).toEqual([]);
});

test('a verified connection finds the certificates that Lambda brings', () => {
  const unverified = synthesize({ PGSSLMODE: 'disable' });

  expect(variablesOf('migrate-database')['NODE_EXTRA_CA_CERTS']).toBe('/var/runtime/ca-cert.pem');
  expect(variablesOf('migrate-database', unverified)).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
});

test('further accounts are told, and the key that encrypts their tokens where it is named', () => {
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/1';
  const changes = { CLAROSHOP_ACCOUNTS: 'default,second', CLAROSHOP_KMS_KEY_ARN: key };

  expect(variablesOf('warn-claroshop-expiry', synthesize(changes))).toMatchObject({
    CLAROSHOP_ACCOUNTS: 'default,second',
    CLAROSHOP_MARGIN_SECONDS: '150',
    CLAROSHOP_KMS_KEY_ARN: key,
  });
  expect(variablesOf('warn-claroshop-expiry')).toMatchObject({ CLAROSHOP_ACCOUNTS: 'default' });
});

test("the malls of the local stage fit into a function's 4 KB of variables", () => {
  expect(() =>
    synthesize({ ...LOCAL_ENVIRONMENT, CAFE24_MALLS: LOCAL_MALLS.join() }),
  ).not.toThrow();
});

test('an issuer is told only where it is not the usual one of the pool', () => {
  const local = synthesize({ COGNITO_ISSUER_BASE: 'http://127.0.0.1:4566' });

  expect(variablesOf('submit-sla-errors', local)['COGNITO_ISSUER']).toBe(
    'http://127.0.0.1:4566/eu-west-1_1',
  );
  expect(variablesOf('submit-sla-errors')).not.toHaveProperty('COGNITO_ISSUER');
});
