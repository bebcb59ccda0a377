import { expect, test } from 'vitest';
import { DependencyUnavailableError, RuleViolatedError } from '#shared/errors.ts';
import { failingFor, parcelWorker, TIME_TO_START_MS, type ParcelWork } from './parcel-worker.ts';

const throttled = new DependencyUnavailableError('store-throttled', 'The store is busy');
const forbidden = new RuleViolatedError('parcel-forbidden', 'The parcel may not travel');

test('a record whose work is done is acknowledged, whatever its outcome', async () => {
  const { handle, parcel, queue } = parcelWorker(() => Promise.resolve('overtaken'));

  expect(await handle([parcel('a')])).toEqual([]);
  expect(queue.hidden).toEqual([]);
  expect(queue.rejected).toEqual([]);
});

test('work is given the message, its log and the time that is left', async () => {
  const seen: unknown[] = [];
  const { handle, parcel, log } = parcelWorker((message, context) => {
    context.log.info('at work');
    seen.push(message.detail, message.causationId, context.deadline.remainingMs());
    return Promise.resolve('delivered');
  });

  await handle([parcel('a', { receiveCount: 2 })], () => 9000);

  expect(seen).toEqual([{ parcelId: 'a' }, 'a', 9000]);
  expect(log.lines[0]).toMatchObject({
    message: 'at work',
    fields: { messageId: 'a', correlationId: 'a', receiveCount: 2 },
  });
});

test('the time that is left shrinks to 0 and no further', async () => {
  const seen: number[] = [];
  let remainingMs = TIME_TO_START_MS;
  const { handle, parcel } = parcelWorker((_message, { deadline }) => {
    for (remainingMs of [1200, 1, -1]) seen.push(deadline.remainingMs());
    return Promise.resolve('delivered');
  });

  await handle([parcel('a')], () => remainingMs);

  expect(seen).toEqual([1200, 1, 0]);
});

test('a poison record is rejected and does not fail its neighbours', async () => {
  const { handle, parcel, queue } = parcelWorker(failingFor({}));

  expect(await handle([parcel('a'), parcel('b', { body: '{' }), parcel('c')])).toEqual([]);
  expect(queue.rejected).toMatchObject([{ messageId: 'b', reason: 'invalid-message' }]);
});

test('a throttled record alone is reported as failed', async () => {
  const { handle, parcel, queue } = parcelWorker(failingFor({ b: throttled }));

  expect(await handle([parcel('a'), parcel('b'), parcel('c')])).toEqual(['b']);
  expect(queue.hidden).toEqual([{ messageId: 'b', seconds: 2 }]);
});

test('a batch of nothing but failures is reported record by record', async () => {
  const { handle, parcel } = parcelWorker(failingFor({ a: throttled, b: new Error('bug') }));

  expect(await handle([parcel('a'), parcel('b')])).toEqual(['a', 'b']);
});

test('each record of a mixed batch meets its own fate', async () => {
  const work = failingFor({ b: forbidden, c: throttled, d: new Error('bug'), e: null });
  const { handle, parcel, queue } = parcelWorker(work);

  expect(await handle(['a', 'b', 'c', 'd', 'e'].map((id) => parcel(id)))).toEqual(['c', 'd', 'e']);
  expect(queue.rejected.map(({ messageId }) => messageId)).toEqual(['b']);
});

test('a worker that is used again remembers nothing of the batch before', async () => {
  const { handle, parcel } = parcelWorker(failingFor({ a: throttled }));
  await handle([parcel('a')]);

  expect(await handle([parcel('b')])).toEqual([]);
});

test.each([
  ['an error', throttled],
  ['no error at all', undefined],
])('a record that throws %s does not end the batch while a neighbour works', async (_, thrown) => {
  let finish: (outcome: string) => void = () => undefined;
  const slow = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const failing = failingFor({ a: thrown });
  const work: ParcelWork = (message, context) =>
    message.detail.parcelId === 'slow' ? slow : failing(message, context);
  const { handle, parcel, queue } = parcelWorker(work);
  let hasReturned = false;

  const answer = handle([parcel('a'), parcel('slow')]).finally(() => {
    hasReturned = true;
  });
  await expect.poll(() => queue.hidden).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(hasReturned).toBe(false);

  finish('delivered');
  expect(await answer).toEqual(['a']);
});

test('a record that there is no time for is given back unstarted', async () => {
  const started: string[] = [];
  const { handle, parcel, queue } = parcelWorker(({ messageId }) => {
    started.push(messageId);
    return Promise.resolve('delivered');
  });

  expect(await handle([parcel('a')], () => TIME_TO_START_MS - 1)).toEqual(['a']);
  expect(started).toEqual([]);
  expect(queue.hidden).toEqual([{ messageId: 'a', seconds: 2 }]);
});

test('a record is started when just enough time is left', async () => {
  const { handle, parcel } = parcelWorker(failingFor({}));

  expect(await handle([parcel('a')], () => TIME_TO_START_MS)).toEqual([]);
});

test('a record that is given back is not rejected, however old or wrong it is', async () => {
  const { handle, parcel, queue, clock } = parcelWorker(failingFor({}));
  const record = parcel('a', { body: 'poison' });
  clock.advanceSeconds(100_000);

  expect(await handle([record], () => 0)).toEqual(['a']);
  expect(queue.rejected).toEqual([]);
});

test('an old message that succeeds is acknowledged: its age is no reason on arrival', async () => {
  const { handle, parcel, queue, clock } = parcelWorker(failingFor({}));
  const record = parcel('a');
  clock.advanceSeconds(100_000);

  expect(await handle([record])).toEqual([]);
  expect(queue.rejected).toEqual([]);
});
