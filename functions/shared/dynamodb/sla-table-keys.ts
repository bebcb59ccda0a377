import {
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { ConfigurationError } from '../errors.ts';
import { callError } from './dynamodb-errors.ts';
import type { SlaTable } from './sla-search.ts';

/**
 * Looks whether a table that somebody else made has the keys and indexes that are worked with.
 *
 * @throws {@link ConfigurationError} names all that is missing.
 * @throws {@link DependencyUnavailableError} DynamoDB throttled or can not be reached.
 */
export async function checkSlaTable(client: DynamoDBClient, table: SlaTable): Promise<void> {
  const describe = new DescribeTableCommand({ TableName: table.tableName });
  const { Table = {} } = await client.send(describe).catch((thrown: unknown) => {
    throw callError(thrown);
  });
  const problems = [
    ...keyProblems(Table),
    ...indexProblems(Table, table.affectedDateIndex, 'AffectedDay'),
    ...indexProblems(Table, table.folderIndex, 'Folder'),
  ];
  if (problems.length === 0) return;
  throw new ConfigurationError(`The table ${table.tableName} lacks: ${problems.join('; ')}.`);
}

function keyProblems(table: TableDescription): readonly string[] {
  return keysOf(table) === 'ErrorID:S' ? [] : ['the key ErrorID, a string, and no other'];
}

function indexProblems(
  table: TableDescription,
  name: string,
  partitionKey: string,
): readonly string[] {
  const index = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === name);
  if (index !== undefined && isUsable(index, { table, partitionKey })) return [];
  return [`an index ${name} of all attributes with the keys ${partitionKey} and AffectedDate`];
}

function isUsable(
  index: GlobalSecondaryIndexDescription,
  { table, partitionKey }: { readonly table: TableDescription; readonly partitionKey: string },
): boolean {
  const { KeySchema } = index;
  const keys = keysOf({ AttributeDefinitions: table.AttributeDefinitions, KeySchema });
  return keys === `${partitionKey}:S AffectedDate:S` && index.Projection?.ProjectionType === 'ALL';
}

/** `ErrorID:S`, the partition key first. */
function keysOf({
  KeySchema = [],
  AttributeDefinitions = [],
}: Pick<TableDescription, 'KeySchema' | 'AttributeDefinitions'>): string {
  const typeOf = (name: string | undefined) =>
    AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return KeySchema.map(({ AttributeName }) => `${AttributeName}:${typeOf(AttributeName)}`).join(
    ' ',
  );
}
