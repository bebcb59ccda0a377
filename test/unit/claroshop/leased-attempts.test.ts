import { TransactionCanceledException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { dynamoDbAttempts } from '#shared/dynamodb/grant-attempts.ts';
import { inMemoryAttempts } from '#test/support/claroshop/in-memory-attempts.ts';
import { describeLeasedAttempts } from '#test/support/claroshop/leased-attempts-suite.ts';

describeLeasedAttempts('attempts in memory', inMemoryAttempts);

it('a commit asks nothing of DynamoDB that outlives its signal', async () => {
  const signals: unknown[] = [];
  const over = { attemptId: 'a', outcome: 'issued' };
  const client = {
    send: (command: { input: object }, options: { abortSignal?: AbortSignal }) => {
      signals.push(options.abortSignal);
      if ('Key' in command.input) return Promise.resolve({ Item: itemOf(over) });
      const CancellationReasons = [{ Code: 'ConditionalCheckFailed' }];
      const canceled = { message: '', $metadata: {}, CancellationReasons };
      return Promise.reject(new TransactionCanceledException(canceled));
    },
  } as unknown as DynamoDBClient;
  const means = { tableName: 'attempts', client, pause: () => Promise.resolve(), random: () => 0 };
  const attempts = dynamoDbAttempts('claroshop:x', { ...means, clock: () => new Date() });
  const { signal } = new AbortController();
  const attempt = { ...{ attemptId: 'a', subject: 'claroshop:x' }, baseVersion: 1 } as const;
  const commitment = { outcome: 'issued', version: 2, event: undefined } as const;
  await attempts.commit({ ...attempt, grantType: 'password' }, commitment, signal);
  expect(signals).toEqual([signal, signal]);
});

function itemOf({ attemptId, outcome }: { attemptId: string; outcome: string }) {
  const times = { finishedAt: { N: '1' }, leaseUntil: { N: '1' } };
  return { attemptId: { S: attemptId }, outcome: { S: outcome }, ...times };
}
