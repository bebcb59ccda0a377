import { expect, test } from 'vitest';
import {
  DependencyRefusedError,
  DependencyUnavailableError,
  InvalidMessageError,
} from '#shared/errors.ts';
import { eventBridgeEnvelope } from '#test/support/eventbridge-envelope.ts';
import { failingFor, parcelWorker } from './parcel-worker.ts';

const throttled = new DependencyUnavailableError('store-throttled', 'The store is busy');
const refused = new DependencyRefusedError('parcel-refused', 'The carrier will never take it');

test('there is one line per record, with its fate, code, receive count and age', async () => {
  const invalid = new InvalidMessageError('parcelId: expected a parcel');
  const work = failingFor({ b: throttled, c: invalid });
  const { handle, parcel, log, clock } = parcelWorker(work);
  const records = ['a', 'b', 'c'].map((id) => parcel(id, { receiveCount: 2 }));
  clock.advanceSeconds(1.5);

  await handle(records);

  const common = { receiveCount: 2, ageSeconds: 1.5 };
  expect(log.lines).toHaveLength(3);
  expect(log.lines.find(({ level }) => level === 'info')?.fields).toMatchObject({
    ...common,
    messageId: 'a',
    fate: 'acknowledged',
    outcome: 'delivered',
  });
  expect(log.lines.find(({ level }) => level === 'warn')?.fields).toMatchObject({
    ...common,
    messageId: 'b',
    fate: 'retried',
    code: 'store-throttled',
    delaySeconds: 4,
    error: throttled,
  });
  expect(log.lines.find(({ level }) => level === 'error')?.fields).toMatchObject({
    ...common,
    messageId: 'c',
    fate: 'rejected',
    code: 'invalid-message',
    explained: true,
    error: invalid,
  });
});

test('a rejected message that had no room for its reason is told by its id', async () => {
  const { handle, parcel, log } = parcelWorker(failingFor({ a: refused }));
  const six = [1, 2, 3, 4, 5, 6].map((n) => [
    `own${String(n)}`,
    { dataType: 'String', stringValue: 'x' },
  ]);

  await handle([parcel('a', { attributes: Object.fromEntries(six) as never })]);

  expect(log.lines[0]?.fields).toMatchObject({ code: 'parcel-refused', explained: false });
  expect(log.lines[0]?.fields['deadLetterId']).toBeTypeOf('string');
});

test('there is one line for a record that is given back', async () => {
  const { handle, parcel, log } = parcelWorker(failingFor({}));

  await handle([parcel('a')], () => 0);

  expect(log.lines.map(({ fields }) => fields)).toEqual([
    expect.objectContaining({ messageId: 'a', fate: 'given-back', code: 'no-time' }),
  ]);
});

test("a line carries the chain's correlation id", async () => {
  const { handle, parcel, log } = parcelWorker(failingFor({}));
  const body = eventBridgeEnvelope('ParcelSent', { parcelId: 'a' }, { id: 'envelope-1' });

  await handle([parcel('a', { body })]);

  expect(log.lines[0]?.fields).toMatchObject({ messageId: 'a', correlationId: 'envelope-1' });
});

test('a body is never quoted', async () => {
  const secret = 'a-secret-code';
  const { handle, parcel, log, queue } = parcelWorker(failingFor({}));
  const bodies = [secret, `{"parcelId":${secret}}`, { parcelId: [secret] }, { [secret]: secret }];

  await handle(bodies.map((body, n) => parcel(String(n), { body })));

  const told = log.lines.map(({ message, fields }) => {
    const { error, ...others } = fields;
    return [message, others, error instanceof Error && [error.message, error.stack, error.cause]];
  });
  expect(JSON.stringify([told, queue.rejected])).not.toContain(secret);
  expect(queue.rejected).toHaveLength(4);
});
