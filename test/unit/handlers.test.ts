import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterEach, expect, test, vi } from 'vitest';
import { lambdaContext } from '#test/support/lambda-context.ts';
import { sqsRecord } from '#test/support/sqs-records.ts';
import { functionVariables, synthesize } from '#test/support/synthesized-stack.ts';

const stack = synthesize();
const WORKERS = [
  'exchange-cafe24-code',
  'record-sla-errors',
  'refresh-cafe24-token',
  'refresh-claroshop-token',
];
/** Lambda brings them itself; the credentials are of nobody. */
const OF_LAMBDA = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'nobody',
  AWS_SECRET_ACCESS_KEY: 'nothing',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};

afterEach(() => {
  vi.unstubAllEnvs();
});

test('no worker is forgotten here', () => {
  const mapped = stack
    .all('aws_lambda_event_source_mapping')
    .map(({ function_name: reference }) => stack.referredBy(reference).function_name);

  expect(mapped.sort()).toEqual(WORKERS.map((name) => `tokenline-${name}`));
});

// Nothing can be reached here: the message is wrong, and its dead-letter queue does not take it.
test.each(WORKERS)('%s, as deployed, keeps a message that it can not even reject', async (name) => {
  for (const [variable, value] of Object.entries({
    ...functionVariables(stack, name),
    ...OF_LAMBDA,
  }))
    vi.stubEnv(variable, value);
  const { handler } = (await import(`../../functions/${name}/handler.ts`)) as {
    handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
  };
  const record = sqsRecord({ body: 'no JSON', messageId: 'the-message' });

  const answer = await handler(
    { Records: [record] },
    lambdaContext(() => 60_000),
  );

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'the-message' }] });
});
