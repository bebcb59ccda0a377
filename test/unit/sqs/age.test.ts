import { describe, expect, test } from 'vitest';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { sentAtOf } from '#shared/sqs/age.ts';
import { RECORD_SHAPES, sqsRecord, toRecordAttributes } from '#test/support/sqs-records.ts';
import { failingFor, parcelWorker, RETRY } from './parcel-worker.ts';

const SENT_AT = new Date('2026-03-01T12:00:00.000Z');
const string = (stringValue: string) => ({ dataType: 'String', stringValue });
const redriven = (publishedAt: string) => ({
  OriginalMessageId: string('m-1'),
  RejectedAt: string('2026-03-01T11:59:00.000Z'),
  PublishedAt: string(publishedAt),
});
const sentAt = (attributes: object) =>
  sentAtOf(sqsRecord({ body: '', sentAt: SENT_AT, attributes: attributes as never }));

describe('the age of a message', () => {
  test('counts from when SQS took it', () => {
    expect(sentAt({})).toEqual(SENT_AT);
  });

  test('counts from its first life, once it was redriven', () => {
    expect(sentAt(redriven('2026-03-01T09:00:00.000Z'))).toEqual(
      new Date('2026-03-01T09:00:00.000Z'),
    );
  });

  test.each(['', 'yesterday', '2026-13-01T00:00:00Z', '1772355600000', '2026-03-01'])(
    'counts from when SQS took it where the attribute can not be read: %s',
    (publishedAt) => {
      expect(sentAt(redriven(publishedAt))).toEqual(SENT_AT);
    },
  );

  test('is never made less by an attribute', () => {
    expect(sentAt(redriven('2999-01-01T00:00:00.000Z'))).toEqual(SENT_AT);
  });

  test('is not what a sender means by an attribute of that name', () => {
    expect(sentAt({ PublishedAt: string('2019-01-01T00:00:00.000Z') })).toEqual(SENT_AT);
  });

  test('counts from now where the record tells no time', () => {
    const timeless = RECORD_SHAPES['without a time and a count']!(sqsRecord({ body: '' }));

    expect(sentAtOf(timeless as never, () => SENT_AT)).toEqual(SENT_AT);
  });
});

describe('a bare detail that was rejected and redriven', () => {
  const secondLife = async () => {
    const down = new DependencyUnavailableError('store-unavailable', 'The store is away');
    const worker = parcelWorker(failingFor({ a: down }));
    const { handle, parcel, queue, clock } = worker;
    const sent = clock.now();
    clock.advanceSeconds(RETRY.horizonSeconds);
    await handle([parcel('a', { messageId: 'm-1', sentAt: sent })]);
    const { body, attributes } = queue.deadLetters[0]!;
    clock.advanceSeconds(3_600);
    const fields = { messageId: 'm-2', body, attributes: toRecordAttributes(attributes) };
    return { ...worker, sent, again: parcel('a', { ...fields, sentAt: clock.now() }) };
  };

  test('has one try, not a new horizon', async () => {
    const { handle, again, queue } = await secondLife();

    expect(await handle([again])).toEqual([]);
    expect(queue.hidden).toEqual([]);
    expect(queue.rejected.map(({ reason }) => reason)).toEqual([
      'retries-exhausted:store-unavailable',
      'retries-exhausted:store-unavailable',
    ]);
  });

  test('tells its first time again, as often as it is redriven', async () => {
    const { handle, again, queue, sent } = await secondLife();
    await handle([again]);

    expect(queue.deadLetters.map(({ attributes }) => attributes['PublishedAt'])).toEqual([
      { DataType: 'String', StringValue: sent.toISOString() },
      { DataType: 'String', StringValue: sent.toISOString() },
    ]);
  });
});
