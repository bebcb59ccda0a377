import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/** A table with the keys of the stack's, for one test file. */
export async function createEscrowTable(client: DynamoDBClient) {
  const tableName = `grant-escrow-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['provider', 'attemptId'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: [
        { AttributeName: 'provider', KeyType: 'HASH' },
        { AttributeName: 'attemptId', KeyType: 'RANGE' },
      ],
    }),
  );
  return { tableName, drop: () => client.send(new DeleteTableCommand({ TableName: tableName })) };
}
