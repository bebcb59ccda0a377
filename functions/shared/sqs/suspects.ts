import type { SQSRecord } from 'aws-lambda';
import { errorField, type Log } from '../log.ts';
import type { Disposal } from './endings.ts';
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
  readonly consume: (record: SQSRecord) => Promise<Disposal>;
  readonly giveBack: (record: SQSRecord) => Promise<Disposal>;
}

/**
 * Those that came equally often are in an order that is drawn each time: a batch that one of them
 * ended comes back whole, with equal counts, and the one must not be before the same ones for ever.
 *
 * @returns those that have come three times or more, by rising receive count, and the others.
 */
export function sortOut(
  records: readonly SQSRecord[],
  random: Random,
): { readonly suspects: readonly SQSRecord[]; readonly others: readonly SQSRecord[] } {
  const drawn = records.filter(isSuspect).map((record) => ({ record, draw: random() }));
  drawn.sort((a, b) => receiveCountOf(a.record) - receiveCountOf(b.record) || a.draw - b.draw);
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
 *   be deleted, the suspects that are left are given back unstarted.
 */
export async function consumeSuspects(
  suspects: readonly SQSRecord[],
  neighbours: readonly Disposed[],
  { queue, log, consume, giveBack }: Means,
): Promise<readonly Disposed[]> {
  const disposed: Disposed[] = [];
  let done = neighbours.filter(({ disposal }) => disposal === 'delete');
  for (const record of suspects) {
    const isAlone = await deleteAll(done, { queue, log });
    const disposal = isAlone ? await consume(record) : await giveBack(record);
    disposed.push({ record, disposal });
    if (isAlone) done = disposal === 'delete' ? [{ record, disposal }] : [];
  }
  return disposed;
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
