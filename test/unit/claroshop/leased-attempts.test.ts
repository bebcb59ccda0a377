import { TransactionCanceledException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { dynamoDbAttempts } from '#shared/dynamodb/grant-attempts.ts';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import { inMemoryAttempts } from '#test/support/claroshop/in-memory-attempts.ts';
import { describeLeasedAttempts } from '#test/support/claroshop/leased-attempts-suite.ts';

describeLeasedAttempts('attempts in memory', inMemoryAttempts);

const attempt = { attemptId: 'a', subject: 'claroshop:x', baseVersion: 1 } as const;
const password = { ...attempt, grantType: 'password' } as const;
const mark = { salt: 'salt', fingerprint: 'print', reason: 'invalid-credentials' };
const event = { detailType: 'TokenRefreshFailed', detail: {} };
const commitment = { outcome: 'issued', version: 2, event: undefined } as const;
const closure = { outcome: 'failed', reason: 'status-503' } as const;

type Ending = (attempts: LeasedAttempts, signal: AbortSignal) => Promise<unknown>;

it.each<[string, number, Ending]>([
  ['a commit', 2, (attempts, signal) => attempts.commit(password, commitment, signal)],
  ['a close', 3, (attempts, signal) => attempts.close('a', closure, { signal })],
  [
    'a succession',
    2,
    (attempts, signal) => attempts.succeed(password, password, { reason: 'spent', signal }),
  ],
  [
    'a refusal of credentials',
    3,
    (attempts, signal) => attempts.refuseCredentials('a', { mark, event }, signal),
  ],
])('%s asks nothing of DynamoDB that outlives its signal', async (_, calls, end) => {
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
  await end(attempts, signal);
  expect(signals).toEqual(Array.from({ length: calls }, () => signal));
});

function itemOf({ attemptId, outcome }: { attemptId: string; outcome: string }) {
  const times = { finishedAt: { N: '1' }, leaseUntil: { N: '1' } };
  return { attemptId: { S: attemptId }, outcome: { S: outcome }, ...times };
}
