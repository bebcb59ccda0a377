import { describe, expect, test } from 'vitest';
import { DependencyRefusedError, DependencyUnavailableError } from '#shared/errors.ts';
import { failingFor, parcelWorker, RETRY } from './parcel-worker.ts';

const throttled = new DependencyUnavailableError('store-throttled', 'The store is busy');
const refused = new DependencyRefusedError('parcel-refused', 'The carrier will never take it');
const envelopeOf = (parcelId: string, time: string) => ({
  'detail-type': 'ParcelSent',
  time,
  detail: { parcelId },
});

describe('a retried message', () => {
  test('is hidden for a backoff that grows with its receive count', async () => {
    const { handle, parcel, queue } = parcelWorker(failingFor({ a: throttled }));

    for (const receiveCount of [1, 2, 3, 4, 5]) await handle([parcel('a', { receiveCount })]);

    expect(queue.hidden.map(({ seconds }) => seconds)).toEqual([2, 4, 8, 16, 16]);
  });

  test("is hidden for as long as the error's retryAfterSeconds says", async () => {
    const busy = new DependencyUnavailableError('busy', 'Busy', { retryAfterSeconds: 30 });
    const { handle, parcel, queue } = parcelWorker(failingFor({ a: busy }));

    await handle([parcel('a')]);

    expect(queue.hidden).toEqual([{ messageId: 'a', seconds: 30 }]);
  });

  test('comes back at its horizon at the latest', async () => {
    const { handle, parcel, queue, clock } = parcelWorker(failingFor({ a: throttled }));
    const record = parcel('a', { receiveCount: 4 });
    clock.advanceSeconds(RETRY.horizonSeconds - 3);

    await handle([record]);

    expect(queue.hidden).toEqual([{ messageId: 'a', seconds: 3 }]);
  });

  test('stays in the queue when it cannot be hidden, and the log says why', async () => {
    const { handle, parcel, queue, log } = parcelWorker(failingFor({ a: throttled }));
    const down = new Error('SQS is down');
    queue.breakDown('hide', down);

    expect(await handle([parcel('a')])).toEqual(['a']);
    expect(log.lines[0]).toMatchObject({ level: 'warn', fields: { messageId: 'a', error: down } });
  });
});

describe('the horizon', () => {
  test('a failing message of that age is rejected with retries-exhausted and the code', async () => {
    const { handle, parcel, queue, clock } = parcelWorker(failingFor({ a: throttled }));
    const record = parcel('a', { receiveCount: 9 });
    clock.advanceSeconds(RETRY.horizonSeconds);

    expect(await handle([record])).toEqual([]);
    expect(queue.rejected).toEqual([
      {
        messageId: 'a',
        reason: 'retries-exhausted:store-throttled',
        errorMessage: 'The store is busy',
        rejectedAt: clock.now(),
        publishedAt: new Date('2026-03-01T12:00:00.000Z'),
      },
    ]);
  });

  test('a failing message that is younger is retried, however often it came', async () => {
    const { handle, parcel, queue, clock } = parcelWorker(failingFor({ a: throttled }));
    const record = parcel('a', { receiveCount: 1000 });
    clock.advanceSeconds(RETRY.horizonSeconds - 0.001);

    expect(await handle([record])).toEqual(['a']);
    expect(queue.rejected).toEqual([]);
  });

  test("the age counts from the envelope's time where that is earlier", async () => {
    const { handle, parcel, queue } = parcelWorker(failingFor({ a: throttled }));

    await handle([parcel('a', { body: envelopeOf('a', '2026-03-01T11:58:00Z') })]);

    expect(queue.rejected).toMatchObject([{ reason: 'retries-exhausted:store-throttled' }]);
  });

  test('a permanent fault past the horizon keeps its own reason', async () => {
    const { handle, parcel, queue, clock } = parcelWorker(failingFor({ a: refused }));
    const record = parcel('a');
    clock.advanceSeconds(RETRY.horizonSeconds);

    await handle([record]);

    expect(queue.rejected).toMatchObject([{ reason: 'parcel-refused' }]);
  });
});

describe('an unknown error', () => {
  test('is retried', async () => {
    const { handle, parcel, queue } = parcelWorker(failingFor({ a: new TypeError('bug') }));

    expect(await handle([parcel('a')])).toEqual(['a']);
    expect(queue.hidden).toEqual([{ messageId: 'a', seconds: 2 }]);
    expect(queue.rejected).toEqual([]);
  });

  test('reaches the dead-letter queue by its name and code: its message may quote a body', async () => {
    const thrown = Object.assign(new TypeError('Key (code)=(a-secret)'), { code: '23505' });
    const { handle, parcel, queue, clock } = parcelWorker(failingFor({ a: thrown }));
    const record = parcel('a');
    clock.advanceSeconds(RETRY.horizonSeconds);

    await handle([record]);

    expect(queue.rejected).toMatchObject([{ errorMessage: 'TypeError (23505)' }]);
  });

  test('past the horizon reaches the dead-letter queue with its reason', async () => {
    const { handle, parcel, queue, clock } = parcelWorker(failingFor({ a: new TypeError('bug') }));
    const record = parcel('a');
    clock.advanceSeconds(RETRY.horizonSeconds);

    await handle([record]);

    expect(queue.rejected).toMatchObject([{ reason: 'retries-exhausted:unknown-error' }]);
  });
});

describe('a rejected message', () => {
  test('is acknowledged at its first receive: a permanent fault burns no others', async () => {
    const { handle, parcel, queue } = parcelWorker(failingFor({ a: refused }));

    expect(await handle([parcel('a', { receiveCount: 1 })])).toEqual([]);
    expect(queue.hidden).toEqual([]);
    expect(queue.deadLetters).toHaveLength(1);
  });

  test('stays in its queue, hidden for the backoff, when it cannot be rejected', async () => {
    const { handle, parcel, queue, log } = parcelWorker(failingFor({ a: refused }));
    const down = new Error('The dead-letter queue is gone');
    queue.breakDown('reject', down);

    expect(await handle([parcel('a', { receiveCount: 3 })])).toEqual(['a']);
    expect(queue.hidden).toEqual([{ messageId: 'a', seconds: 8 }]);
    expect(log.lines[0]).toMatchObject({ level: 'error', fields: { error: down } });
  });

  test('that cannot be rejected past its horizon does not come back every second', async () => {
    const { handle, parcel, queue, clock } = parcelWorker(failingFor({ a: throttled }));
    const record = parcel('a', { receiveCount: 5 });
    clock.advanceSeconds(RETRY.horizonSeconds + 60);
    queue.breakDown('reject', new Error('The dead-letter queue is gone'));

    await handle([record]);

    expect(queue.hidden).toEqual([{ messageId: 'a', seconds: 16 }]);
  });

  test('stays in its queue even when it can be neither rejected nor hidden', async () => {
    const { handle, parcel, queue } = parcelWorker(failingFor({ a: refused }));
    queue.breakDown('reject', new Error('down'));
    queue.breakDown('hide', new Error('down'));

    expect(await handle([parcel('a')])).toEqual(['a']);
  });
});
