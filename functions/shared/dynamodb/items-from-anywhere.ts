import { randomUUID } from 'node:crypto';
import {
  QueryCommand,
  type AttributeValue,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;
type Page = Pick<QueryCommandOutput, 'Items' | 'LastEvaluatedKey'>;

/** A page has 1 MB at most (the API's limit, read 2026-11): what the memory of a function holds well. */
const MOST_PAGES = 10;

export interface Partition {
  readonly TableName: string;
  readonly partition: readonly [name: string, value: string];
  /** Its values are random UUIDs. */
  readonly sortKey: string;
}

/**
 * All items of a partition; of a very large one ten pages that begin at a random place: what stays
 * there for good hides nothing from those who come again and again.
 */
export async function itemsFromAnywhere(
  of: Partition,
  ask: (query: QueryCommand) => Promise<Page>,
): Promise<readonly Item[]> {
  const { Items = [], LastEvaluatedKey } = await ask(queryOf(of));
  if (LastEvaluatedKey === undefined) return Items;
  const items: Item[] = [];
  let pages = 0;
  for await (const page of pagesFrom(randomUUID(), (range) => ask(queryOf(of, range)))) {
    items.push(...page);
    pages += 1;
    if (pages === MOST_PAGES) break;
  }
  return items;
}

/** Those behind the start, then those before it. */
async function* pagesFrom(
  start: string,
  ask: (range: Range) => Promise<Page>,
): AsyncGenerator<readonly Item[]> {
  for (const side of ['>', '<='] as const) {
    let from: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await ask({ side, start, from });
      yield Items;
      from = LastEvaluatedKey;
    } while (from !== undefined);
  }
}

interface Range {
  readonly side: '>' | '<=';
  readonly start: string;
  /** Where the page before this one ended. */
  readonly from: Item | undefined;
}

function queryOf({ TableName, partition, sortKey }: Partition, range?: Range): QueryCommand {
  const [name, value] = partition;
  const condition = `${name} = :partition`;
  return new QueryCommand({
    TableName,
    KeyConditionExpression: range ? `${condition} and ${sortKey} ${range.side} :start` : condition,
    ExpressionAttributeValues: {
      ':partition': { S: value },
      ...(range && { ':start': { S: range.start } }),
    },
    ...(range?.from && { ExclusiveStartKey: range.from }),
    ConsistentRead: true,
  });
}
