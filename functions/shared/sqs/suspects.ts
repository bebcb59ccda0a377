import type { SQSRecord } from 'aws-lambda';
import { errorField, type Log } from '../log.ts';
import type { Disposal, WhyGivenBack } from './endings.ts';
import { receiveCountOf } from './message.ts';
import type { QueueMessages } from './queue-messages.ts';
import type { Random } from './retry-policy.ts';

/** A message that came so often may be what ends the process each time. */
const SUSPECT_RECEIVES = 3;

export function isSuspect(record: SQSRecord): boolean {
  return receiveCountOf(record) >= SUSPECT_RECEIVES;
}

/** A record and what became of it. */
export interface Disposed {
  readonly record: SQSRecord;
  readonly disposal: Disposal;
}

interface Means {
  readonly queue: QueueMessages;
  readonly log: Log;
  /** Whether enough is left of the invocation to start one more. */
  readonly hasTime: () => boolean;
  readonly consume: (record: SQSRecord) => Promise<Disposal>;
  readonly giveBack: (record: SQSRecord, why: WhyGivenBack) => Promise<Disposal>;
}

/**
 * A batch that one of its suspects ended comes back whole, and the one must not be before the same
 * ones for ever: their order is drawn each time. What came most often is no better suspect than
 * others: in an outage, those that fail and come back by their backoff overtake the one that comes
 * back by the visibility timeout.
 *
 * @returns those that have come three times or more, in an order that is drawn, and the others.
 */
export function sortOut(
  records: readonly SQSRecord[],
  random: Random,
): { readonly suspects: readonly SQSRecord[]; readonly others: readonly SQSRecord[] } {
  const drawn = records.filter(isSuspect).map((record) => ({ record, draw: random() }));
  drawn.sort((a, b) => a.draw - b.draw);
  return {
    suspects: drawn.map(({ record }) => record),
    others: records.filter((record) => !isSuspect(record)),
  };
}

/**
 * Works on suspects one at a time. Before each, all messages that are done with are deleted: should
 * it end the process, it takes down only itself, and they do not come back with it.
 *
 * @param neighbours of the same batch, all of them finished. When they (or an earlier suspect) can't
 *   be deleted, or the time is over, the suspects that are left are given back unstarted, all at
 *   once: a hundred calls one after another could outlast the process.
 */
export async function consumeSuspects(
  suspects: readonly SQSRecord[],
  neighbours: readonly Disposed[],
  means: Means,
): Promise<readonly Disposed[]> {
  const disposed: Disposed[] = [];
  let done = neighbours.filter(({ disposal }) => disposal === 'delete');
  for (const [at, record] of suspects.entries()) {
    const why = await whyNotNow(done, means);
    if (why !== undefined)
      return [...disposed, ...(await giveBackAll(suspects.slice(at), why, means))];
    const disposal = await means.consume(record);
    disposed.push({ record, disposal });
    done = disposal === 'delete' ? [{ record, disposal }] : [];
  }
  return disposed;
}

async function whyNotNow(
  done: readonly Disposed[],
  { queue, log, hasTime }: Means,
): Promise<WhyGivenBack | undefined> {
  if (!hasTime()) return 'no-time';
  return (await deleteAll(done, { queue, log })) ? undefined : 'neighbours-not-deleted';
}

function giveBackAll(
  records: readonly SQSRecord[],
  why: WhyGivenBack,
  { giveBack }: Means,
): Promise<readonly Disposed[]> {
  return Promise.all(
    records.map(async (record) => ({ record, disposal: await giveBack(record, why) })),
  );
}

async function deleteAll(
  done: readonly Disposed[],
  { queue, log }: Pick<Means, 'queue' | 'log'>,
): Promise<boolean> {
  if (done.length === 0) return true;
  try {
    await queue.delete(done.map(({ record }) => record));
    return true;
  } catch (error) {
    log.warn('Not deleted, so no suspect is started', errorField(error));
    return false;
  }
}
