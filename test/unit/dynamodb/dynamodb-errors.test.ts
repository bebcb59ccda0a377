import { describe, expect, it } from 'vitest';
import { callError, dynamoDbMeaning } from '#shared/dynamodb/dynamodb-errors.ts';
import { update, transact, type WriteMeans } from '#shared/dynamodb/conditional-writes.ts';
import { conditionalCheckFailed, transactionCanceled } from '#test/support/aws-answers/dynamodb.ts';
import { awsError, documentedErrors } from '#test/support/aws-answers/documented-errors.ts';

const CALLS = [
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'TransactWriteItems'],
  'BatchExecuteStatement',
];
const documented = CALLS.flatMap((call) => documentedErrors('@aws-sdk/client-dynamodb', call));

/** A DynamoDB that answers these errors one after another, then does what it is asked. */
function answering(...errors: readonly Error[]): WriteMeans & { readonly sent: () => number } {
  let sent = 0;
  const send = () => {
    const error = errors[sent++];
    return error === undefined ? Promise.resolve({}) : Promise.reject(error);
  };
  const client = { send } as unknown as WriteMeans['client'];
  return { client, pause: () => Promise.resolve(), random: () => 0, sent: () => sent };
}

describe('an error of DynamoDB', () => {
  it('has a meaning in the table, whichever AWS documents for the calls that we make', () => {
    expect(documented).toContain('ReplicatedWriteConflictException');
    const byReasons = 'TransactionCanceledException';
    const known = (name: string) => name === byReasons || dynamoDbMeaning(name) !== undefined;
    expect(documented.filter((name) => !known(name))).toEqual([]);
  });

  it.each([
    ['ValidationException', 'item-refused', 'reject'],
    ['SerializationException', 'item-refused', 'reject'],
    ['ResourceNotFoundException', 'misconfigured', 'retry'],
    ['ProvisionedThroughputExceededException', 'dynamodb-unavailable', 'retry'],
    ['AnythingElse', 'dynamodb-unavailable', 'retry'],
  ])('%s is %s', (name, code, fate) => {
    expect(callError(awsError(name))).toMatchObject({ code, fate });
  });
});

describe('a cancelled transaction', () => {
  const item = { Delete: { TableName: 't', Key: { subject: { S: 's' } } } };
  const outcome = (means: WriteMeans) => transact([item, item], means);

  it('is a condition that did not hold, beside items without an error', async () => {
    expect(await outcome(answering(transactionCanceled('None', 'ConditionalCheckFailed')))).toBe(
      false,
    );
  });

  it.each([
    ['TransactionConflict', 'None'] as const,
    ['TransactionConflict', 'ConditionalCheckFailed'] as const,
  ])('is tried again after a conflict: %s, %s', async (...codes) => {
    const means = answering(transactionCanceled(...codes));
    expect(await outcome(means)).toBe(true);
    expect(means.sent()).toBe(2);
  });

  it.each([
    ['ValidationError', 'item-refused', 'reject'],
    ['ItemCollectionSizeLimitExceeded', 'item-refused', 'reject'],
    ['ThrottlingError', 'dynamodb-unavailable', 'retry'],
    ['ProvisionedThroughputExceeded', 'dynamodb-unavailable', 'retry'],
  ] as const)('says by its reasons whether it may pass: %s', async (reason, code, fate) => {
    const means = answering(transactionCanceled('None', reason));
    await expect(outcome(means)).rejects.toMatchObject({ code, fate });
  });
});

it.each([undefined, { subject: { S: 's' } }])(
  'an update whose condition did not hold says so, with and without the item',
  async (found) => {
    const means = answering(conditionalCheckFailed(found));
    const change = { TableName: 't', Key: {}, UpdateExpression: 'REMOVE a' };
    expect(await update(change, means)).toBeUndefined();
  },
);
