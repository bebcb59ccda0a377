import { expect, test } from 'vitest';
import { functionNames } from '#infra/bundle.ts';
import { synthesize } from '#test/support/synthesized-stack.ts';

/** With all functions: one serves only a table that is there already. */
const stack = synthesize({ DYNAMODB_TABLE: 'FileSlaErrors' });

test('a function, its queue or schedule and its rule carry the name of its folder', async () => {
  const folders = [...(await functionNames())].sort();
  const functions = stack.all('aws_lambda_function').map((fn) => fn.function_name);

  expect(functions.sort()).toEqual(folders.map((name) => `tokenline-${name}`));
  for (const mapping of stack.all('aws_lambda_event_source_mapping')) {
    const { name = '' } = stack.referredBy(mapping.event_source_arn);
    expect(stack.referredBy(mapping.function_name).function_name).toBe(name);
    expect(stack.named('aws_cloudwatch_event_rule', name)).toBeDefined();
  }
});

test('two prefixes share no name', () => {
  const namesOf = (prefix: string) =>
    Object.values(synthesize({ NAME_PREFIX: prefix }).json.resource)
      .flatMap((byId) => Object.values(byId))
      .flatMap(({ name, function_name, alarm_name, bucket }) => [
        ...[name, function_name, alarm_name],
        bucket,
      ])
      .filter((name) => typeof name === 'string' && !name.startsWith('$'));
  const names = namesOf('tokenline');

  expect(names).toContain('tokenline');
  expect(namesOf('other').filter((name) => names.includes(name))).toEqual([]);
});
