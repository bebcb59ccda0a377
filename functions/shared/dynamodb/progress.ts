import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { ProgressStore } from '../sla/predecessor.ts';
import { callError } from './dynamodb-errors.ts';

const Content = z.object({
  after: z
    .string()
    .optional()
    .transform((after) => after),
  done: z.boolean(),
  looked: z.int(),
  filled: z.int(),
  left: z.int(),
});
const Item = z.object({
  version: z.object({ N: z.coerce.number() }),
  content: z.object({ S: z.string().transform((json) => Content.parse(JSON.parse(json))) }),
});

interface Place {
  readonly tableName: string;
  /** What the progress is of: the key. */
  readonly work: string;
}

/** A {@link ProgressStore} in DynamoDB: key `work`; `version` and the rest as JSON in `content`. */
export function dynamoDbProgress(
  client: DynamoDBClient,
  { tableName: TableName, work }: Place,
): ProgressStore {
  const key = { work: { S: work } };
  return {
    async read() {
      const get = new GetItemCommand({ TableName, Key: key, ConsistentRead: true });
      const { Item: item } = await client.send(get).catch(failed);
      if (item === undefined) return undefined;
      const { version, content } = Item.parse(item);
      return { ...content.S, after: content.S.after, version: version.N };
    },
    save: ({ version, ...content }) =>
      client
        .send(
          new PutItemCommand({
            TableName,
            Item: {
              ...key,
              version: { N: String(version) },
              content: { S: JSON.stringify(content) },
            },
            ConditionExpression: 'attribute_not_exists(#work) OR version = :before',
            ExpressionAttributeNames: { '#work': 'work' },
            ExpressionAttributeValues: { ':before': { N: String(version - 1) } },
          }),
        )
        .then(() => 'saved' as const, unlessOvertaken),
  };
}

function unlessOvertaken(thrown: unknown): 'overtaken' {
  if (thrown instanceof ConditionalCheckFailedException) return 'overtaken';
  throw callError(thrown);
}

function failed(thrown: unknown): never {
  throw callError(thrown);
}
