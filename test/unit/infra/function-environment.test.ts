import { expect, test } from 'vitest';
import { Config as ExchangeCafe24Code } from '#functions/exchange-cafe24-code/config.ts';
import { Config as MigrateDatabase } from '#functions/migrate-database/config.ts';
import { synthesize } from '#test/support/synthesized-stack.ts';

/** The variables as Lambda gets them: a reference to a queue has become its URL. */
function variablesOf(name: string, changes: Record<string, string> = {}): Record<string, string> {
  const { variables } = synthesize(changes).named('aws_lambda_function', name).environment as {
    variables: Record<string, string>;
  };
  const resolved = Object.entries(variables).map(([variable, value]) => [
    variable,
    value.replace(/^\$\{aws_sqs_queue\..+\.url\}$/, 'https://sqs.example.com/queue'),
  ]);
  return Object.fromEntries(resolved) as Record<string, string>;
}

test.each([
  ['tokenline-exchange-cafe24-code', ExchangeCafe24Code],
  ['tokenline-migrate-database', MigrateDatabase],
])('%s gets every variable that it reads', (name, config) => {
  expect(config.safeParse(variablesOf(name)).error).toBeUndefined();
});

test('secrets are named, never told', () => {
  for (const name of ['tokenline-exchange-cafe24-code', 'tokenline-migrate-database']) {
    const secrets = Object.keys(variablesOf(name)).filter((it) => /PASSWORD|SECRET/.test(it));
    expect(secrets.filter((it) => !it.endsWith('_PARAMETER'))).toEqual([]);
  }
});

test('a verified connection finds the certificates that Lambda brings', () => {
  const local = variablesOf('tokenline-migrate-database', { PGSSLMODE: 'disable' });

  expect(variablesOf('tokenline-migrate-database')['NODE_EXTRA_CA_CERTS']).toBe(
    '/var/runtime/ca-cert.pem',
  );
  expect(local).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
});
