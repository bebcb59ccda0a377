import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { eventually } from '#infra/local/eventually.ts';
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

/**
 * A table with the keys and indexes of the stack's, for one test file.
 *
 * @param indexesFirst false: without indexes, as a table may be that is taken over.
 */
export async function createSlaTable(client: DynamoDBClient, { indexesFirst = true } = {}) {
  const table: SlaTable = {
    tableName: `sla-errors-${randomUUID()}`,
    affectedDateIndex: 'AffectedDateIndex',
    folderIndex: 'FolderIndex',
  };
  const indexes = [
    index(table.affectedDateIndex, 'AffectedDay'),
    index(table.folderIndex, 'Folder'),
  ];
  await client.send(
    new CreateTableCommand({
      TableName: table.tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: textAttributes('ErrorID', ...(indexesFirst ? INDEX_KEYS : [])),
      KeySchema: [{ AttributeName: 'ErrorID', KeyType: 'HASH' }],
      ...(indexesFirst && { GlobalSecondaryIndexes: indexes }),
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
    addIndexes: async () => {
      for (const Create of indexes) {
        await client.send(
          new UpdateTableCommand({
            TableName: table.tableName,
            AttributeDefinitions: textAttributes('ErrorID', ...INDEX_KEYS),
            GlobalSecondaryIndexUpdates: [{ Create }],
          }),
        );
        await eventually(() => isActive(client, table.tableName), Create.IndexName);
      }
    },
    drop: () => client.send(new DeleteTableCommand({ TableName: table.tableName })),
  };
}

const INDEX_KEYS = ['AffectedDay', 'AffectedDate', 'Folder'];

function textAttributes(...names: string[]) {
  return names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));
}

async function isActive(client: DynamoDBClient, TableName: string): Promise<true | undefined> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const states = Table?.GlobalSecondaryIndexes?.map(({ IndexStatus }) => IndexStatus) ?? [];
  return states.every((state) => state === 'ACTIVE') ? true : undefined;
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
