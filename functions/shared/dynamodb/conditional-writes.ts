import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type TransactWriteItem,
  type Update,
} from '@aws-sdk/client-dynamodb';
import { attributes, type Item } from './attempt-items.ts';
import { callError } from './dynamodb-errors.ts';

const TRIES = 6;
const LONGEST_PAUSE_MS = 60;

export interface WriteMeans {
  readonly client: DynamoDBClient;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Draws from [0, 1). */
  readonly random: () => number;
}

/** What is to become of an item. */
export interface Change {
  readonly set?: Readonly<Record<string, string | number | undefined>>;
  readonly remove?: readonly string[];
  /** Put into, or taken out of, the set of texts of this attribute. */
  readonly add?: Readonly<Record<string, string>>;
  readonly take?: Readonly<Record<string, string>>;
  /** As DynamoDB writes conditions; its values stand in `values` under their names with a colon. */
  readonly condition?: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

interface Address {
  readonly TableName: string;
  readonly Key: Item;
}

/** The change as UpdateItem and a transaction take it. Values get other names than `values` may have. */
export function toUpdate(address: Address, change: Change): Update {
  const set = Object.entries(attributes(change.set ?? {}));
  const { remove = [], add = {}, take = {}, condition, values = {} } = change;
  const texts = Object.entries({ ...add, ...take });
  const names = [...set.map(([name]) => name), ...remove, ...texts.map(([name]) => name)];
  const clauses = [
    clause(
      'SET',
      set.map(([name]) => `#${name} = :set_${name}`),
    ),
    clause(
      'REMOVE',
      remove.map((name) => `#${name}`),
    ),
    clause(
      'ADD',
      Object.keys(add).map((name) => `#${name} :text_${name}`),
    ),
    clause(
      'DELETE',
      Object.keys(take).map((name) => `#${name} :text_${name}`),
    ),
  ];
  const all = {
    ...Object.fromEntries(set.map(([name, value]) => [`:set_${name}`, value])),
    ...Object.fromEntries(texts.map(([name, text]) => [`:text_${name}`, { SS: [text] }])),
    ...attributes(values),
  };
  return {
    ...address,
    UpdateExpression: clauses.filter((it) => it !== '').join(' '),
    ...(condition !== undefined && { ConditionExpression: condition }),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ...(Object.keys(all).length > 0 && { ExpressionAttributeValues: all }),
  };
}

function clause(word: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${word} ${parts.join(', ')}`;
}

/** @returns the item after the change; `undefined` when its condition did not hold. */
export async function update(
  update: Update,
  means: WriteMeans,
  abortSignal?: AbortSignal,
): Promise<Item | undefined> {
  const command = new UpdateItemCommand({ ...update, ReturnValues: 'ALL_NEW' });
  const answer = await unlessRefused(means, () =>
    means.client.send(command, { ...(abortSignal && { abortSignal }) }),
  );
  return answer && (answer.Attributes ?? {});
}

/** All or nothing. @returns false when a condition did not hold. */
export async function transact(
  items: readonly TransactWriteItem[],
  means: WriteMeans,
  abortSignal?: AbortSignal,
): Promise<boolean> {
  const command = new TransactWriteItemsCommand({ TransactItems: [...items] });
  const answer = await unlessRefused(means, () =>
    means.client.send(command, { ...(abortSignal && { abortSignal }) }),
  );
  return answer !== undefined;
}

/** Two writers of an item at the same time: DynamoDB refuses one, and the SDK does not repeat it. */
async function unlessRefused<Answer>(
  means: WriteMeans,
  send: () => Promise<Answer>,
): Promise<Answer | undefined> {
  for (let tries = 1; ; tries++) {
    const answer = await send().catch((error: unknown) => refusalOf(error, tries));
    if (answer !== 'conflict') return answer;
    await means.pause(means.random() * LONGEST_PAUSE_MS);
  }
}

function refusalOf(error: unknown, tries: number): 'conflict' | undefined {
  if (hasFailedCondition(error)) return undefined;
  if (tries < TRIES && isConflict(error)) return 'conflict';
  throw callError(error);
}

function hasFailedCondition(error: unknown): boolean {
  if (error instanceof ConditionalCheckFailedException) return true;
  // A transaction says of each item why; a conflict beside it says that another look is needed.
  return reasonsOf(error).includes('ConditionalCheckFailed') && !isConflict(error);
}

function isConflict(error: unknown): boolean {
  if (error instanceof Error && error.name === 'TransactionConflictException') return true;
  return reasonsOf(error).includes('TransactionConflict');
}

function reasonsOf(error: unknown): readonly (string | undefined)[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).map(({ Code }) => Code);
}
