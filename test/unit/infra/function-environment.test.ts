import { expect, test } from 'vitest';
import { Config as AnnounceCafe24Codes } from '#functions/announce-cafe24-codes/config.ts';
import { Config as AuthenticateUser } from '#functions/authenticate-user/config.ts';
import { Config as BackfillSlaErrors } from '#functions/backfill-sla-errors/config.ts';
import { Config as ExchangeCafe24Code } from '#functions/exchange-cafe24-code/config.ts';
import { Config as FindSlaErrors } from '#functions/find-sla-errors/config.ts';
import { Config as MigrateDatabase } from '#functions/migrate-database/config.ts';
import { Config as ObtainClaroshopToken } from '#functions/obtain-claroshop-token/config.ts';
import { Config as ReceiveCafe24Code } from '#functions/receive-cafe24-code/config.ts';
import { Config as RecordSlaErrors } from '#functions/record-sla-errors/config.ts';
import { Config as RecoverCafe24Grants } from '#functions/recover-cafe24-grants/config.ts';
import { Config as RefreshCafe24Token } from '#functions/refresh-cafe24-token/config.ts';
import { Config as RefreshClaroshopToken } from '#functions/refresh-claroshop-token/config.ts';
import { Config as StartCafe24Authorization } from '#functions/start-cafe24-authorization/config.ts';
import { Config as SubmitSlaErrors } from '#functions/submit-sla-errors/config.ts';
import { Config as WarnCafe24Expiry } from '#functions/warn-cafe24-expiry/config.ts';
import { Config as WarnClaroshopExpiry } from '#functions/warn-claroshop-expiry/config.ts';
import { LOCAL_MALLS } from '#infra/local/local-malls.ts';
import {
  functionVariables,
  LOCAL_ENVIRONMENT,
  synthesize,
} from '#test/support/synthesized-stack.ts';

/** With all functions: one serves only a table that is there already. */
const stack = synthesize({ DYNAMODB_TABLE: 'FileSlaErrors' });

const variablesOf = (name: string, from = stack) => functionVariables(from, name);

const CONFIGS = [
  ['announce-cafe24-codes', AnnounceCafe24Codes],
  ['authenticate-user', AuthenticateUser],
  ['backfill-sla-errors', BackfillSlaErrors],
  ['exchange-cafe24-code', ExchangeCafe24Code],
  ['find-sla-errors', FindSlaErrors],
  ['migrate-database', MigrateDatabase],
  ['obtain-claroshop-token', ObtainClaroshopToken],
  ['receive-cafe24-code', ReceiveCafe24Code],
  ['record-sla-errors', RecordSlaErrors],
  ['recover-cafe24-grants', RecoverCafe24Grants],
  ['refresh-cafe24-token', RefreshCafe24Token],
  ['refresh-claroshop-token', RefreshClaroshopToken],
  ['start-cafe24-authorization', StartCafe24Authorization],
  ['submit-sla-errors', SubmitSlaErrors],
  ['warn-cafe24-expiry', WarnCafe24Expiry],
  ['warn-claroshop-expiry', WarnClaroshopExpiry],
] as const;
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
  const local = synthesize({ ...LOCAL_ENVIRONMENT, CAFE24_MALLS: LOCAL_MALLS.join() });
  for (const fn of local.all('aws_lambda_function')) {
    expect(JSON.stringify(fn.environment.variables).length).toBeLessThan(4096);
  }
});

test('an issuer is told only where it is not the usual one of the pool', () => {
  const local = synthesize({ COGNITO_ISSUER_BASE: 'http://127.0.0.1:4566' });

  expect(variablesOf('submit-sla-errors', local)['COGNITO_ISSUER']).toBe(
    'http://127.0.0.1:4566/eu-west-1_1',
  );
  expect(variablesOf('submit-sla-errors')).not.toHaveProperty('COGNITO_ISSUER');
});
