import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { OwnError } from '../errors.ts';
import type { LeasedAttempts } from '../grants/leased-attempts.ts';
import type { Closure, FinishedAttempt, OutcomeEvent } from '../grants/ports.ts';
import { restSeconds, type RestAsked } from '../grants/rest.ts';
import { attributes, toFinishedAttempt, type ReadLease } from './attempt-items.ts';
import { attemptItem, LEASE_END, mine, unsettled, type AttemptTable } from './attempt-table.ts';
import { toUpdate, type Change } from './conditional-writes.ts';

/** For so long an outcome is left to the process that reached it; then recovery publishes it. */
const PUBLISH_MS = 30_000;
/** How long a finished attempt is kept once it is published (TTL attribute `expiresAt`). */
const HISTORY_SECONDS = 90 * 86_400;

/** Nobody may conclude from these that there is no grant: one that comes late makes good for them. */
const GIVEN_UP = ['abandoned', 'failed', 'unknown'] as const;
/** What the lease remembers of attempts without a grant: it is over with the next grant. */
const FORGOTTEN = ['failures', 'failingSince', 'restUntil', 'restReason', 'refusedVersion'];
const RESTING: readonly Closure['outcome'][] = ['failed', 'abandoned', 'misconfigured'];

type Ends = Pick<LeasedAttempts, 'close' | 'commit' | 'succeed' | 'refuseCredentials'>;

/** How an attempt ended, with the event that the world is to be told. */
interface End {
  readonly attemptId: string;
  readonly outcome: string;
  readonly reason?: string | undefined;
  readonly version?: number | undefined;
  readonly event?: OutcomeEvent | undefined;
}

/** How attempts end: the lease and the attempt's own item change in one transaction. */
export function attemptEnds(table: AttemptTable): Ends {
  return {
    async close(attemptId, closure, { signal, ...asked } = {}) {
      const lease = await table.lease(signal);
      const { outcome, reason } = closure;
      const event = withVersion(closure.event, lease.declared?.baseVersion ?? 0);
      const set = {
        ...restOf(lease, closure, { nowMs: table.nowMs(), asked }),
        ...refusedVersionOf(lease, closure),
      };
      const end = { attemptId, outcome, reason, event };
      return await finish(table, end, { change: { set }, signal });
    },

    commit: (...commitment) => commitAttempt(table, commitment),

    async succeed({ attemptId, baseVersion: refused }, next, { reason, signal }) {
      const { attemptId: nextId, grantType, baseVersion, baseAttemptId } = next;
      const about = { grantType, baseVersion, baseAttemptId };
      const set = { attemptId: nextId, ...about, refusedVersion: refused };
      const writes = [
        { Update: toUpdate(table.address('lease'), { set, ...unsettled(attemptId) }) },
        putAttempt(table, { attemptId, outcome: 'refused', reason }),
      ];
      if (await table.transact(writes, signal)) return true;
      return (await table.lease(signal)).standing.open?.attempt.attemptId === nextId;
    },

    async refuseCredentials(attemptId, { mark, event }, signal) {
      const baseVersion = (await table.lease(signal)).declared?.baseVersion ?? 0;
      const told = withVersion(event, baseVersion);
      const end = { attemptId, outcome: 'refused', reason: mark.reason, event: told };
      const { TableName, Key } = table.address('refused-credentials');
      const refusedAt = new Date(table.nowMs()).toISOString();
      const Item = { ...Key, ...attributes({ ...mark, refusedAt, attemptId }) };
      return await finish(table, end, { change: {}, more: [{ Put: { TableName, Item } }], signal });
    },
  };
}

type Commit = Parameters<LeasedAttempts['commit']>;

async function commitAttempt(
  table: AttemptTable,
  [{ attemptId }, { outcome, version, event }, signal]: Commit,
): Promise<FinishedAttempt> {
  const end = { attemptId, outcome, version, event: withVersion(event, version) };
  const change = outcome === 'overtaken' ? {} : stored(table, end);
  // Credentials were accepted, so those that are marked are others: no alarm is to stand for them.
  const accepted = outcome === 'issued' ? [{ Delete: table.address('refused-credentials') }] : [];
  const ends = [...endOpen(table, end, change), ...accepted];
  if (await table.transact(ends, signal)) return toFinished(end);
  const over = await finished(table, attemptId, signal);
  if (!GIVEN_UP.some((word) => word === over.outcome)) return toFinishedAttempt(over);
  await table.transact(overwrite(table, end), signal);
  return toFinished(end);
}

/** What the lease knows of the grant that an attempt has stored. */
function stored(table: AttemptTable, { attemptId, version }: End): Change {
  const newest = { storedVersion: version, storedBy: attemptId, storedAt: table.nowMs() };
  return { set: newest, remove: FORGOTTEN };
}

interface Beside {
  /** What becomes of the lease beside its end. */
  readonly change: Change;
  readonly more?: readonly TransactWriteItem[];
  readonly signal?: AbortSignal | undefined;
}

/** Ends the attempt that holds the lease; one that is over already keeps its end. */
async function finish(
  table: AttemptTable,
  end: End,
  { change, more = [], signal }: Beside,
): Promise<FinishedAttempt> {
  const ends = [...endOpen(table, end, change), ...more];
  if (await table.transact(ends, signal)) return toFinished(end);
  return toFinishedAttempt(await finished(table, end.attemptId, signal));
}

/** @throws Error (unknown: retry) there is no such attempt, open or over. */
async function finished(table: AttemptTable, attemptId: string, signal?: AbortSignal) {
  const over = await table.attempt(attemptId, signal);
  if (over === undefined) throw new OwnError(`Attempt ${attemptId} holds no lease and has no end.`);
  return over;
}

function endOpen(table: AttemptTable, end: End, change: Change): readonly TransactWriteItem[] {
  const lease = {
    ...change,
    remove: [...LEASE_END, ...(change.remove ?? [])],
    ...(end.event && { add: { unpublished: end.attemptId } }),
    ...mine(end.attemptId),
  };
  return [{ Update: toUpdate(table.address('lease'), lease) }, putAttempt(table, end)];
}

function putAttempt(table: AttemptTable, end: End): TransactWriteItem {
  const { TableName, Key } = table.address(attemptItem(end.attemptId));
  const Item = { ...Key, ...attributes(endToAttributes(table, end)) };
  return { Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(attemptId)' } };
}

/**
 * The true end of an attempt that others have given up: it is told, whatever was told before. A mark of
 * refused credentials stays: it may be of an attempt that came after this one.
 */
function overwrite(table: AttemptTable, end: End): readonly TransactWriteItem[] {
  const words = GIVEN_UP.map((word) => [`:${word}`, word] as const);
  const change = {
    set: endToAttributes(table, end),
    remove: ['publishedAt', 'reason', ...(end.event ? ['expiresAt'] : [])],
    condition: `outcome IN (${words.map(([name]) => name).join(', ')})`,
    values: Object.fromEntries(words),
  };
  const Update = toUpdate(table.address(attemptItem(end.attemptId)), change);
  if (end.event === undefined) return [{ Update }];
  const lease = { add: { unpublished: end.attemptId }, ...stored(table, end) };
  return [{ Update }, { Update: toUpdate(table.address('lease'), lease) }];
}

function endToAttributes(table: AttemptTable, end: End) {
  const { attemptId, outcome, reason, version, event } = end;
  const finishedAt = table.nowMs();
  return {
    ...{ attemptId, outcome, reason, version, finishedAt, leaseUntil: finishedAt + PUBLISH_MS },
    event: event && JSON.stringify(event),
    // What nobody was told of must not expire.
    expiresAt: event === undefined ? historyEnd(table) : undefined,
  };
}

export function historyEnd(table: AttemptTable): number {
  return Math.ceil(table.nowMs() / 1_000) + HISTORY_SECONDS;
}

function toFinished({ attemptId, outcome, event }: End): FinishedAttempt {
  return { attemptId, outcome, unpublished: event };
}

/** One that died before it asked anybody has cost nothing: nobody rests for it. */
function restOf(
  { declared, failures, standing }: ReadLease,
  { outcome, reason }: Closure,
  { nowMs, asked }: { readonly nowMs: number; readonly asked: RestAsked },
) {
  if (declared === undefined || !RESTING.includes(outcome)) return {};
  const restUntil = nowMs + restSeconds(failures + 1, asked) * 1_000;
  const failingSince = standing.failingSince?.getTime() ?? nowMs;
  return { failures: failures + 1, failingSince, restUntil, restReason: reason };
}

function refusedVersionOf({ declared }: ReadLease, { outcome }: Closure) {
  const isDead = outcome === 'rejected' && declared?.grantType === 'refresh_token';
  return isDead ? { refusedVersion: declared.baseVersion } : {};
}

function withVersion(event: OutcomeEvent | undefined, version: number): OutcomeEvent | undefined {
  return event && { ...event, detail: { ...event.detail, version } };
}
