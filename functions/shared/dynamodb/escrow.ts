import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { OwnError } from '../errors.ts';
import type { Escrow, EscrowedGrant } from '../grants/ports.ts';
import { ESCROW_MS } from '../grants/timing.ts';
import { callError } from './dynamodb-errors.ts';
import { itemsFromAnywhere, type Partition } from './items-from-anywhere.ts';

export interface EscrowTable<Grant> {
  readonly name: string;
  /** Whose grants: the partition, so that each recovery lists its own. */
  readonly provider: string;
  /** Reads a grant from its JSON form. */
  readonly grant: z.ZodType<Grant>;
}

/**
 * An escrow in DynamoDB: key `provider`, `attemptId`; the answer as JSON in `content`, and `subject`
 * beside it, so that content which can't be read is in nobody else's way. What lies there stays until
 * it is installed: the table has no expiry.
 *
 * @throws DependencyUnavailableError (retry) DynamoDB did not answer or throttled.
 * @throws Error (unknown: retry) what lies there can't be read; it names the attempt and the fields.
 */
export function dynamoDbEscrow<Grant>(
  client: DynamoDBClient,
  table: EscrowTable<Grant>,
): Escrow<Grant> {
  const TableName = table.name;
  const keyOf = (attemptId: string) => keyIn(table, attemptId);
  const read = readerOf(table.grant);
  return {
    async put(attempt, save) {
      const content = { S: JSON.stringify({ attempt, save }) };
      const Item = { ...keyOf(attempt.attemptId), subject: { S: attempt.subject }, content };
      const ConditionExpression = 'attribute_not_exists(attemptId)';
      const put = new PutItemCommand({ TableName, Item, ConditionExpression });
      await client.send(put, inTime()).catch(unlessItIsThere);
    },
    async read(attemptId) {
      const get = new GetItemCommand({ TableName, Key: keyOf(attemptId), ConsistentRead: true });
      const { Item } = await client.send(get, inTime()).catch(unavailable);
      const escrowed = Item && read(Item);
      if (escrowed instanceof Error) throw escrowed;
      return escrowed?.save;
    },
    async delete(attemptId) {
      const remove = new DeleteItemCommand({ TableName, Key: keyOf(attemptId) });
      await client.send(remove, inTime()).catch(unavailable);
    },
    async list(onUnreadable = rethrown) {
      const ask = (query: QueryCommand) => client.send(query, inTime()).catch(unavailable);
      const items = await itemsFromAnywhere(partitionOf(table), ask);
      return items.flatMap((item) => {
        const escrowed = read(item);
        if (!(escrowed instanceof Error)) return [escrowed];
        onUnreadable(escrowed, item['subject']?.S);
        return [];
      });
    },
  };
}

function keyIn(
  { provider }: EscrowTable<unknown>,
  attemptId: string,
): Record<string, AttributeValue> {
  return { provider: { S: provider }, attemptId: { S: attemptId } };
}

function partitionOf({ name, provider }: EscrowTable<unknown>): Partition {
  return { TableName: name, partition: ['provider', provider], sortKey: 'attemptId' };
}

function readerOf<Grant>(grant: z.ZodType<Grant>) {
  const Content = z.object({
    attempt: z.object({
      attemptId: z.string(),
      grantType: z.enum(['authorization_code', 'refresh_token', 'password']),
      subject: z.string(),
      baseVersion: z.int(),
      baseAttemptId: z.string().optional(),
    }),
    save: z.object({
      grant,
      event: z.object({ detailType: z.string(), detail: z.record(z.string(), z.unknown()) }),
    }),
  });
  return (item: Record<string, AttributeValue>): EscrowedGrant<Grant> | Error => {
    const content = Content.safeParse(parseJson(item['content']?.S ?? ''));
    if (content.success) return content.data;
    // Paths only: what lies at them are tokens.
    const wrong = content.error.issues.map(({ path }) => path.map(String).join('.') || 'content');
    const attemptId = item['attemptId']?.S ?? '?';
    return new OwnError(`Escrow of attempt ${attemptId} can not be read: ${wrong.join(', ')}`);
  };
}

/** @returns undefined for text that is none: the text of a SyntaxError would quote it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rethrown(error: Error): never {
  throw error;
}

/** No call outlives the time that an attempt keeps for its escrow. */
function inTime(): { readonly abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(ESCROW_MS) };
}

function unlessItIsThere(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw callError(error);
}

function unavailable(error: unknown): never {
  throw callError(error);
}
