import {
  QueryCommand,
  type AttributeValue,
  type DynamoDBClient,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { LONGEST_TRY_MS } from '../aws-client.ts';
import { DependencyUnavailableError } from '../errors.ts';
import {
  dayAfter,
  startOf,
  type BreachPage,
  type BreachSearch,
  type Days,
  type PageRequest,
  type Position,
  type StoredBreach,
} from '../sla/search.ts';
import { callError } from './dynamodb-errors.ts';
import { itemToBreach, itemToSeen, type Item } from './sla-item.ts';

/** A page looks at no more than this many parts of an index, each of at most 1 MB. */
const MAX_READS = 40;

/** How often the client that searches tries a read. */
export const READ_ATTEMPTS = 3;
/** What the SDK waits between them, at most, where DynamoDB throttles. */
const PAUSES_MS = 2_000;
const LONGEST_READ_MS = READ_ATTEMPTS * LONGEST_TRY_MS + PAUSES_MS;

export interface SlaTable {
  readonly tableName: string;
  /** Keys AffectedDay and AffectedDate. */
  readonly affectedDateIndex: string;
  /** Keys Folder and AffectedDate. */
  readonly folderIndex: string;
}

/**
 * {@link BreachSearch} on the indexes of the table: a search by days reads the newest day's
 * partition first, then the day before, …; one by folder reads the folder's partition.
 */
export function dynamoDbSlaSearch(client: DynamoDBClient, table: SlaTable): BreachSearch {
  return {
    async page({ query, from, limit, deadline }) {
      const breaches: StoredBreach[] = [];
      const unreadable: string[] = [];
      let next: Position | undefined = from ?? startOf(query);
      if (deadline.remainingMs() < LONGEST_READ_MS) throw outOfTime();
      for (let reads = 0; next !== undefined && reads < MAX_READS; reads += 1) {
        // The caller gets what was found, and goes on from here.
        if (deadline.remainingMs() < LONGEST_READ_MS) break;
        const read = await readPart({ query, from: next, limit: limit - breaches.length });
        breaches.push(...read.breaches);
        unreadable.push(...read.unreadable);
        next = read.next;
        if (breaches.length === limit) break;
      }
      return { breaches, unreadable, next };
    },
  };

  async function readPart(part: Part): Promise<BreachPage> {
    const command = new QueryCommand(toQueryInput(part, table));
    const { Items = [], LastEvaluatedKey } = await client.send(command).catch(failed);
    const { looked, ...read } = readItems(Items, part.limit);
    const last = Items[looked - 1];
    return looked < Items.length && last !== undefined
      ? { ...read, next: { day: part.from.day, after: itemToSeen(last) } }
      : { ...read, next: nextPosition(part, LastEvaluatedKey) };
  }
}

/** Looks at items until it has read `limit` breaches. */
function readItems(items: readonly Item[], limit: number) {
  const breaches: StoredBreach[] = [];
  const unreadable: string[] = [];
  let looked = 0;
  for (const item of items) {
    if (breaches.length === limit) break;
    looked += 1;
    const breach = itemToBreach(item);
    if (breach === undefined) unreadable.push(itemToSeen(item).errorId);
    else breaches.push(breach);
  }
  return { breaches, unreadable, looked };
}

type Part = Omit<PageRequest, 'deadline'> & { readonly from: Position };

function outOfTime(): DependencyUnavailableError {
  return new DependencyUnavailableError('no-time-left', 'No time was left to look.');
}

function failed(thrown: unknown): never {
  throw callError(thrown);
}

function nextPosition({ from, query }: Part, seen: Item | undefined): Position | undefined {
  const { day } = from;
  if (seen !== undefined) return { day, after: itemToSeen(seen) };
  if (day === undefined || query.days === undefined || day <= query.days.from) return undefined;
  return { day: dayAfter(day, -1), after: undefined };
}

function toQueryInput({ query, from, limit }: Part, table: SlaTable): QueryCommandInput {
  const { key, conditions, filters, values } =
    query.folder === undefined ? ofDay(from.day ?? '') : ofFolder(query.folder, query.days);
  if (query.reportedSince !== undefined) {
    filters.push('LastReportedAt >= :since');
    values[':since'] = { S: query.reportedSince };
  }
  return {
    TableName: table.tableName,
    IndexName: query.folder === undefined ? table.affectedDateIndex : table.folderIndex,
    KeyConditionExpression: conditions,
    ExpressionAttributeValues: values,
    ScanIndexForward: false,
    ...(from.after !== undefined && {
      ExclusiveStartKey: {
        ...key,
        ErrorID: { S: from.after.errorId },
        AffectedDate: { S: from.after.affectedDate },
      },
    }),
    // A filter works after the limit: with both, a read could look at few items and find none.
    ...(filters.length > 0 ? { FilterExpression: filters.join(' AND ') } : { Limit: limit }),
  };
}

interface Condition {
  /** The partition, as part of the key to go on from. */
  readonly key: Item;
  readonly conditions: string;
  readonly filters: string[];
  readonly values: Record<string, AttributeValue>;
}

function ofDay(day: string): Condition {
  return {
    key: { AffectedDay: { S: day } },
    conditions: 'AffectedDay = :day',
    filters: [],
    values: { ':day': { S: day } },
  };
}

function ofFolder(folder: string, days: Days | undefined): Condition {
  const key = { Folder: { S: folder } };
  const values: Condition['values'] = { ':folder': { S: folder } };
  if (days === undefined) return { key, conditions: 'Folder = :folder', filters: [], values };
  return {
    key,
    // No zone is more than a day from UTC; the filter takes exactly the days that are asked for.
    conditions: 'Folder = :folder AND AffectedDate BETWEEN :earliest AND :latest',
    filters: ['AffectedDay BETWEEN :from AND :to'],
    values: {
      ...values,
      ':earliest': { S: dayAfter(days.from, -1) },
      ':latest': { S: dayAfter(days.to, 2) },
      ':from': { S: days.from },
      ':to': { S: days.to },
    },
  };
}
