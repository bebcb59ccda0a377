import { describe, expect, test } from 'vitest';
import { RuleViolatedError } from '#shared/errors.ts';
import { sortOut } from '#shared/sqs/suspects.ts';
import { sqsRecord } from '#test/support/sqs-records.ts';
import {
  failingFor,
  parcelWorker,
  RETRY,
  TIME_TO_START_MS,
  type ParcelWork,
} from './parcel-worker.ts';

/** What happened, in its order: a parcel's work, and what was deleted by then. */
function watchedWorker(work: ParcelWork = failingFor({})) {
  const happened: string[] = [];
  const worker = parcelWorker(async (message, context) => {
    const { parcelId } = message.detail;
    const deleted = worker.queue.deleted.join('');
    happened.push(deleted === '' ? parcelId : `${parcelId} after ${deleted} were deleted`);
    const outcome = await work(message, context);
    happened.push(`${parcelId} done`);
    return outcome;
  });
  return { happened, ...worker };
}

describe('a suspect, which has come three times or more', () => {
  test('runs after its neighbours are finished and deleted', async () => {
    const { happened, handle, parcel } = watchedWorker();

    await handle([parcel('s', { receiveCount: 3 }), parcel('a'), parcel('b', { receiveCount: 2 })]);

    expect(happened).toEqual(['a', 'b', 'a done', 'b done', 's after ab were deleted', 's done']);
  });

  test('runs alone, each deleted before the next', async () => {
    const { happened, handle, parcel } = watchedWorker();

    await handle(['x', 'y', 'z'].map((id, at) => parcel(id, { receiveCount: 9 - at })));

    expect(happened).toEqual([
      'x',
      'x done',
      'y after x were deleted',
      'y done',
      'z after xy were deleted',
      'z done',
    ]);
  });

  test('that ends the process finds all that ran before it done with', async () => {
    const never = new Promise<string>(() => undefined);
    const { handle, parcel, queue } = watchedWorker((message, context) =>
      message.detail.parcelId === 'killer' ? never : failingFor({})(message, context),
    );
    const nine = Array.from({ length: 9 }, (_, at) => parcel(String(at), { receiveCount: 3 }));

    void handle([...nine, parcel('killer', { receiveCount: 4 })]);

    await expect.poll(() => queue.deleted).toEqual(nine.map(({ messageId }) => messageId));
  });

  test('is before others one time, behind them another, however often they came', () => {
    const orders = new Set<string>();
    let draw = 0;
    const random = () => (draw = (draw + 0.37) % 1);
    const records = ['a', 'b', 'c'].map((messageId, at) =>
      sqsRecord({ body: '', messageId, receiveCount: 3 + 9 * at }),
    );
    for (let times = 0; times < 20; times++) {
      const { suspects } = sortOut(records, random);
      orders.add(suspects.map(({ messageId }) => messageId).join(''));
    }
    expect([...orders].map((order) => order[0]).sort()).toEqual(
      expect.arrayContaining(['a', 'b', 'c']),
    );
  });

  test('is started though a neighbour has to be retried, which stays in the queue', async () => {
    const { handle, parcel, queue } = watchedWorker(failingFor({ a: new Error('bug') }));

    expect(await handle([parcel('a'), parcel('s', { receiveCount: 3 })])).toEqual(['a']);
    expect(queue.deleted).toEqual([]);
  });

  test('finds rejected neighbours deleted too', async () => {
    const forbidden = new RuleViolatedError('parcel-forbidden', 'The parcel may not travel');
    const { handle, parcel, queue } = watchedWorker(failingFor({ a: forbidden }));

    expect(await handle([parcel('a'), parcel('s', { receiveCount: 3 })])).toEqual([]);
    expect(queue.deleted).toEqual(['a']);
  });

  test('is given back unstarted when its neighbours can not be deleted', async () => {
    const { happened, handle, parcel, queue, log } = watchedWorker();
    queue.breakDown('delete', new Error('SQS is down'));

    const suspects = ['s', 't'].map((id) => parcel(id, { receiveCount: 3 }));
    expect(await handle([parcel('a'), ...suspects])).toEqual(['s', 't']);
    expect(happened).toEqual(['a', 'a done']);
    expect(queue.hidden).toEqual([
      { messageId: 's', seconds: 8 },
      { messageId: 't', seconds: 8 },
    ]);
    expect(log.lines.map(({ fields }) => fields['code'])).toContain('neighbours-not-deleted');
  });

  test('is given back unstarted when an earlier one took its time', async () => {
    let remainingMs = TIME_TO_START_MS;
    const { handle, parcel } = watchedWorker((message, context) => {
      remainingMs -= 1;
      return failingFor({})(message, context);
    });

    const suspects = ['s', 't'].map((id) => parcel(id, { receiveCount: 3 }));
    expect(await handle(suspects, () => remainingMs)).toEqual(['t']);
  });

  test('that finds no time again past its horizon is rejected, which says so', async () => {
    const { happened, handle, parcel, queue, clock } = watchedWorker();
    const [early, late] = ['early', 'late'].map((id) => parcel(id, { receiveCount: 3 }));
    const noTime = () => TIME_TO_START_MS - 1;

    clock.advanceSeconds(RETRY.horizonSeconds - 1);
    expect(await handle([early!], noTime)).toEqual(['early']);
    clock.advanceSeconds(1);
    expect(await handle([late!], noTime)).toEqual([]);

    expect(happened).toEqual([]);
    expect(queue.hidden).toEqual([{ messageId: 'early', seconds: 1 }]);
    expect(queue.rejected).toMatchObject([
      { messageId: 'late', reason: 'retries-exhausted:no-time' },
    ]);
  });

  test('is rejected past its horizon when its neighbours can not be deleted either', async () => {
    const { handle, parcel, queue, clock } = watchedWorker();
    const records = [parcel('a'), parcel('s', { receiveCount: 3 })];
    clock.advanceSeconds(RETRY.horizonSeconds);
    queue.breakDown('delete', new Error('SQS is down'));

    expect(await handle(records)).toEqual([]);
    expect(queue.rejected).toMatchObject([
      { messageId: 's', reason: 'retries-exhausted:neighbours-not-deleted' },
    ]);
  });

  test('is one of a hundred that are given back at once when the time is over', async () => {
    const { handle, parcel, queue } = watchedWorker();
    const all = Array.from({ length: 100 }, (_, at) => parcel(String(at), { receiveCount: 3 }));
    const underWay = new Set<string>();
    let most = 0;
    const hide = queue.hide.bind(queue);
    queue.hide = async (record, seconds) => {
      underWay.add(record.messageId);
      most = Math.max(most, underWay.size);
      await hide(record, seconds);
      underWay.delete(record.messageId);
    };

    expect(await handle(all, () => 0)).toHaveLength(100);
    expect(most).toBe(100);
  });

  test('is not what came twice: without time it is given back, however old it is', async () => {
    const { handle, parcel, queue, clock } = watchedWorker();
    const redriven = parcel('a', { receiveCount: 2 });
    clock.advanceSeconds(RETRY.horizonSeconds * 100);

    expect(await handle([redriven], () => TIME_TO_START_MS - 1)).toEqual(['a']);
    expect(queue.rejected).toEqual([]);
  });

  test('alone in its batch needs nothing deleted before', async () => {
    const { happened, handle, parcel, queue } = watchedWorker();

    expect(await handle([parcel('s', { receiveCount: 12 })])).toEqual([]);
    expect(happened).toEqual(['s', 's done']);
    expect(queue.deleted).toEqual([]);
  });
});
