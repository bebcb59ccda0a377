import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '#shared/clock.ts';
import { dynamoDbAttempts } from '#shared/dynamodb/grant-attempts.ts';

/** A table with the keys of the stack's, for one test file. */
export async function createAttemptsTable(client: DynamoDBClient) {
  const tableName = `grant-attempts-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['subject', 'item'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: [
        { AttributeName: 'subject', KeyType: 'HASH' },
        { AttributeName: 'item', KeyType: 'RANGE' },
      ],
    }),
  );
  return {
    tableName,
    attempts: (subject: string, clock: Clock, through: DynamoDBClient = client) =>
      dynamoDbAttempts(subject, {
        tableName,
        client: through,
        clock,
        pause,
        random: Math.random,
      }),
    drop: () => client.send(new DeleteTableCommand({ TableName: tableName })),
  };
}
export type AttemptsTable = Awaited<ReturnType<typeof createAttemptsTable>>;
