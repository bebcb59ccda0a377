import { GetItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock.ts';
import {
  attributes,
  itemToAttempt,
  itemToLease,
  type AttemptItem,
  type Item,
  type ReadLease,
} from './attempt-items.ts';
import { toUpdate, transact, update, type Change, type WriteMeans } from './conditional-writes.ts';
import { callError } from './dynamodb-errors.ts';

export interface AttemptsMeans extends WriteMeans {
  readonly tableName: string;
  readonly clock: Clock;
}

/** What an attempt's item is called. */
export const attemptItem = (attemptId: string) => `attempt#${attemptId}`;

/** What a lease loses when its attempt is over. */
export const LEASE_END = [
  'attemptId',
  'grantType',
  'baseVersion',
  'baseAttemptId',
  'leaseUntil',
  'correlationId',
  'causationId',
  'settledBy',
] as const;

/** Of the lease of an attempt's own process: nobody settles it. */
export const UNSETTLED = 'attribute_not_exists(settledBy)';

/** The condition that the lease is this attempt's. */
export function mine(attemptId: string) {
  return { condition: 'attemptId = :me', values: { ':me': attemptId } } as const;
}

/** The condition that the lease is this attempt's, and nobody has taken it over. */
export function unsettled(attemptId: string) {
  const { condition, values } = mine(attemptId);
  return { condition: `${condition} AND ${UNSETTLED}`, values } as const;
}

/** One subject's items, and the ways to read and change them. */
export class AttemptTable {
  readonly subject: string;
  readonly #means: AttemptsMeans;

  constructor(subject: string, means: AttemptsMeans) {
    this.subject = subject;
    this.#means = means;
  }

  nowMs(): number {
    return this.#means.clock().getTime();
  }

  address(item: string): { readonly TableName: string; readonly Key: Item } {
    const { tableName: TableName } = this.#means;
    return { TableName, Key: attributes({ subject: this.subject, item }) };
  }

  async read(item: string, abortSignal?: AbortSignal): Promise<Item | undefined> {
    const get = new GetItemCommand({ ...this.address(item), ConsistentRead: true });
    const within = { ...(abortSignal && { abortSignal }) };
    const answer = await this.#means.client.send(get, within).catch((error: unknown) => {
      throw callError(error);
    });
    return answer.Item;
  }

  async lease(signal?: AbortSignal): Promise<ReadLease> {
    return this.toLease(await this.read('lease', signal));
  }

  toLease(item: Item | undefined): ReadLease {
    return itemToLease(item, this.subject, this.#means.clock());
  }

  async attempt(attemptId: string, signal?: AbortSignal): Promise<AttemptItem | undefined> {
    const item = await this.read(attemptItem(attemptId), signal);
    return item && itemToAttempt(item);
  }

  /** @returns the lease after the change; `undefined` when the condition did not hold. */
  async changeLease(change: Change): Promise<ReadLease | undefined> {
    const item = await update(toUpdate(this.address('lease'), change), this.#means);
    return item && this.toLease(item);
  }

  /** @returns false when a condition did not hold. */
  transact(items: readonly TransactWriteItem[], signal?: AbortSignal): Promise<boolean> {
    return transact(items, this.#means, signal);
  }
}
