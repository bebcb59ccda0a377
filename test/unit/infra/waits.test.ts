import { expect, test } from 'vitest';
import { synthesize, type Resource } from '#test/support/synthesized-stack.ts';

const stack = synthesize();
const resources = new Map<string, Resource>(
  Object.entries(stack.json.resource).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, resource]) => [`${type}.${id}`, resource] as const),
  ),
);
const addressesOf = (type: string) =>
  [...resources.keys()].filter((address) => address.startsWith(`${type}.`));

/** What Terraform has made before it makes this resource, by address: all that it refers to, and so on. */
function waitsFor(address: string, found = new Set<string>()): Set<string> {
  for (const [, other = ''] of JSON.stringify(resources.get(address)).matchAll(
    /(aws_\w+\.[\w-]+)/g,
  )) {
    if (!resources.has(other) || found.has(other)) continue;
    found.add(other);
    waitsFor(other, found);
  }
  return found;
}
const typesOf = (addresses: Iterable<string>) =>
  [...addresses].map((address) => address.replace(/\..*/, ''));
const namesOf = (addresses: Iterable<string>, type: string) =>
  [...addresses]
    .filter((address) => address.startsWith(`${type}.`))
    .map((address) => resources.get(address)?.name);

test('no function waits for a queue, each of which takes 25 s', () => {
  for (const address of addressesOf('aws_lambda_function')) {
    expect(typesOf(waitsFor(address))).not.toContain('aws_sqs_queue');
  }
});

test('no queue waits for anything', () => {
  expect(addressesOf('aws_sqs_queue').flatMap((address) => [...waitsFor(address)])).toEqual([]);
});

test('functions come from a bucket: those from a file are created one after the other', () => {
  for (const address of addressesOf('aws_lambda_function')) {
    expect(resources.get(address)).not.toHaveProperty('filename');
    expect(typesOf(waitsFor(address))).toEqual(
      expect.arrayContaining(['aws_s3_object', 'aws_s3_bucket']),
    );
  }
});

test('each function has its own code, and is updated with it', () => {
  const codes = stack.all('aws_lambda_function').map((fn) => {
    const code = stack.referredBy(fn.s3_key);
    expect(fn.source_code_hash).toBe(code.source_hash);
    return [fn.function_name, `tokenline-${code.key}`];
  });

  expect(codes).toEqual(codes.map(([name = '']) => [name, `${name}.zip`]));
});

test('a function waits for its policy and its log, a consumer of Postgres for the migration', () => {
  for (const address of addressesOf('aws_lambda_function')) {
    const { function_name: name, environment } = resources.get(address)!;
    const before = waitsFor(address);

    expect(namesOf(before, 'aws_iam_role_policy')).toContain(name);
    expect(namesOf(before, 'aws_cloudwatch_log_group')).toContain(`/aws/lambda/${name}`);
    const migrates = 'PGHOST' in environment.variables && name !== 'tokenline-migrate-database';
    expect(typesOf(before).includes('aws_lambda_invocation')).toBe(migrates);
  }
});

test('messages are taken when the function, its policy, its queue and its DLQ are there', () => {
  for (const address of addressesOf('aws_lambda_event_source_mapping')) {
    const before = waitsFor(address);
    const [name] = namesOf(before, 'aws_sqs_queue').filter((it) => !it?.endsWith('-dlq'));

    expect(namesOf(before, 'aws_sqs_queue').sort()).toEqual([name, `${name}-dlq`]);
    expect(namesOf(before, 'aws_iam_role_policy')).toContain(name);
    expect(stack.referredBy(resources.get(address)!.function_name).function_name).toBe(name);
  }
});

test('events are led to a queue when it and the place for the undeliverable are there', () => {
  for (const address of addressesOf('aws_cloudwatch_event_target')) {
    const target = resources.get(address)!;
    const queues = namesOf(waitsFor(address), 'aws_sqs_queue');
    const { name } = stack.referredBy(target.rule);

    expect(queues.sort()).toEqual(
      'dead_letter_config' in target ? [name, 'tokenline-undeliverable-events'].sort() : [],
    );
  }
});

test('a function is told the URLs of its queues by name, and a queue with another URL fails the deploy', () => {
  const queues = stack.all('aws_sqs_queue');
  expect(queues.length).toBeGreaterThan(0);
  for (const { name, lifecycle } of queues) {
    expect(lifecycle.postcondition).toMatchObject([
      { condition: `\${self.url == "https://sqs.eu-west-1.amazonaws.com/123456789012/${name}"}` },
    ]);
  }
  for (const { function_name: name, environment } of stack.all('aws_lambda_function')) {
    const { QUEUE_URL, DEAD_LETTER_QUEUE_URL } = environment.variables;
    if (QUEUE_URL === undefined) continue;
    expect(QUEUE_URL).toBe(`https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`);
    expect(DEAD_LETTER_QUEUE_URL).toBe(`${QUEUE_URL}-dlq`);
  }
});

test('a local AWS has other queue URLs', () => {
  const local = synthesize({ SQS_URL_BASE: 'http://127.0.0.1:4566' });
  const { environment } = local.named('aws_lambda_function', 'tokenline-record-sla-errors');

  expect(environment.variables['QUEUE_URL']).toBe(
    'http://127.0.0.1:4566/123456789012/tokenline-record-sla-errors',
  );
});
