import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { dynamoDbSlaBreaches } from '#shared/dynamodb/sla-breaches.ts';
import { itemToBreach } from '#shared/dynamodb/sla-item.ts';
import { dynamoDbSlaSearch, type SlaTable } from '#shared/dynamodb/sla-search.ts';

/** A client of DynamoDB Local; unless told otherwise it tries once, as the worker's client does. */
export function localDynamoDb(endpoint: string, maxAttempts = 1): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'ap-northeast-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts,
  });
}

/** A table with the keys and indexes of the stack's, for one test file. */
export async function createSlaTable(client: DynamoDBClient) {
  const table: SlaTable = {
    tableName: `sla-errors-${randomUUID()}`,
    affectedDateIndex: 'AffectedDateIndex',
    folderIndex: 'FolderIndex',
  };
  await client.send(
    new CreateTableCommand({
      TableName: table.tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['ErrorID', 'AffectedDay', 'AffectedDate', 'Folder'].map(
        (AttributeName) => ({ AttributeName, AttributeType: 'S' }),
      ),
      KeySchema: [{ AttributeName: 'ErrorID', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        index(table.affectedDateIndex, 'AffectedDay'),
        index(table.folderIndex, 'Folder'),
      ],
    }),
  );
  return {
    ...table,
    open: dynamoDbSlaBreaches(table.tableName, { client, pause, random: Math.random }),
    search: dynamoDbSlaSearch(client, table),
    read: async (errorId: string) => {
      const Key = { ErrorID: { S: errorId } };
      const { Item } = await client.send(new GetItemCommand({ TableName: table.tableName, Key }));
      return Item && itemToBreach(Item);
    },
    drop: () => client.send(new DeleteTableCommand({ TableName: table.tableName })),
  };
}

function index(IndexName: string, partitionKey: string) {
  return {
    IndexName,
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' as const },
      { AttributeName: 'AffectedDate', KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'ALL' as const },
  };
}
