import { describe, expect, test } from 'vitest';
import { LOCAL_ENVIRONMENT, synthesize } from '#test/support/synthesized-stack.ts';

const stack = synthesize();
const local = synthesize(LOCAL_ENVIRONMENT);

const TABLES = ['tokenline-grant-escrow', 'tokenline-grant-attempts', 'tokenline-FileSlaErrors'];
describe.each(TABLES)('the table %s', (name) => {
  const table = stack.named('aws_dynamodb_table', name);

  test('is encrypted and paid by use', () => {
    expect(table).toMatchObject({
      billing_mode: 'PAY_PER_REQUEST',
      server_side_encryption: { enabled: true },
    });
  });

  test('can be set back and not be deleted, but for the local stage', () => {
    expect(table).toMatchObject({
      point_in_time_recovery: { enabled: true },
      deletion_protection_enabled: true,
    });
    expect(local.named('aws_dynamodb_table', name)).toMatchObject({
      point_in_time_recovery: { enabled: false },
      deletion_protection_enabled: false,
    });
  });
});

test('an escrowed grant is found by provider and attempt', () => {
  expect(stack.named('aws_dynamodb_table', 'tokenline-grant-escrow')).toMatchObject({
    hash_key: 'provider',
    range_key: 'attemptId',
    attribute: [
      { name: 'provider', type: 'S' },
      { name: 'attemptId', type: 'S' },
    ],
  });
});

test('an attempt is found by its subject, and expires by itself', () => {
  expect(stack.named('aws_dynamodb_table', 'tokenline-grant-attempts')).toMatchObject({
    hash_key: 'subject',
    range_key: 'item',
    ttl: { attribute_name: 'expiresAt', enabled: true },
  });
});

test('an escrowed grant stays until it is installed: nothing expires', () => {
  expect(stack.named('aws_dynamodb_table', 'tokenline-grant-escrow')).not.toHaveProperty('ttl');
});

test('a file that stays too long is found by day and by folder, the newest first', () => {
  expect(stack.named('aws_dynamodb_table', 'tokenline-FileSlaErrors')).toMatchObject({
    hash_key: 'ErrorID',
    global_secondary_index: [
      { name: 'AffectedDateIndex', hash_key: 'AffectedDay', range_key: 'AffectedDate' },
      { name: 'FolderIndex', hash_key: 'Folder', range_key: 'AffectedDate' },
    ],
  });
});

test('a table that is there already is used under its own name, and none is made in its place', () => {
  const adopted = synthesize({ DYNAMODB_TABLE: 'FileSlaErrors', FOLDER_INDEX: 'OurFolderIndex' });
  const tables = adopted.all('aws_dynamodb_table').map(({ name }) => name);
  const variablesOf = (name: string) =>
    adopted.named('aws_lambda_function', name).environment.variables;

  expect(tables.sort()).toEqual([
    'tokenline-backfill-sla-errors',
    'tokenline-grant-attempts',
    'tokenline-grant-escrow',
  ]);
  expect(variablesOf('tokenline-record-sla-errors')).toMatchObject({
    FILE_SLA_ERRORS_TABLE: 'FileSlaErrors',
  });
  expect(variablesOf('tokenline-find-sla-errors')).toMatchObject({
    FILE_SLA_ERRORS_TABLE: 'FileSlaErrors',
    AFFECTED_DATE_INDEX: 'AffectedDateIndex',
    FOLDER_INDEX: 'OurFolderIndex',
  });
  expect(adopted.named('aws_iam_role_policy', 'tokenline-find-sla-errors').policy).toContain(
    'table/FileSlaErrors/index/OurFolderIndex',
  );
});

test('a table that is there already is looked at by the deploy before anything works on it', () => {
  const adopted = synthesize({ DYNAMODB_TABLE: 'FileSlaErrors' });
  const checks = adopted.all('aws_lambda_invocation').filter((it) => it.input !== '{}');

  expect(checks.map((it) => JSON.parse(it.input ?? '') as unknown)).toEqual([{ check: true }]);
  expect(adopted.referredBy(checks[0]!.function_name).function_name).toBe(
    'tokenline-backfill-sla-errors',
  );
  for (const name of ['tokenline-record-sla-errors', 'tokenline-find-sla-errors']) {
    expect(adopted.named('aws_lambda_function', name).depends_on).toContainEqual(
      expect.stringMatching(/^aws_lambda_invocation\..*backfill/),
    );
  }
});

test('only a table that is there already has old items to be filled, minute by minute', () => {
  const name = 'tokenline-backfill-sla-errors';
  const adopted = synthesize({ DYNAMODB_TABLE: 'FileSlaErrors' });

  expect(adopted.named('aws_cloudwatch_event_rule', name)).toMatchObject({
    schedule_expression: 'rate(1 minute)',
    state: 'ENABLED',
  });
  expect(stack.all('aws_lambda_function').map((fn) => fn.function_name)).not.toContain(name);
});
