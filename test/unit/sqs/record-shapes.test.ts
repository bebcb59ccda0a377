import type { SQSRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { ATTRIBUTE_SHAPES, RECORD_SHAPES } from '#test/support/sqs-records.ts';
import { failingFor, parcelWorker } from './parcel-worker.ts';

const throttled = new DependencyUnavailableError('store-throttled', 'The store is busy');
const WRONG = { parcelId: 5 };
const withAttributes = (record: SQSRecord, messageAttributes: unknown) =>
  ({ ...record, messageAttributes }) as SQSRecord;

describe.each(Object.entries(RECORD_SHAPES))('a record %s', (_, toShape) => {
  const handled = async (body: object) => {
    const worker = parcelWorker(failingFor({ b: throttled }));
    const record = toShape(worker.parcel('m-1', { body })) as SQSRecord;
    const failed = await worker.handle([worker.parcel('a'), record, worker.parcel('c')]);
    return { failed, ...worker };
  };

  test('is worked on', async () => {
    expect((await handled({ parcelId: 'a' })).failed).toEqual([]);
  });

  test('is retried', async () => {
    const { failed, queue } = await handled({ parcelId: 'b' });

    expect(failed).toEqual(['m-1']);
    expect(queue.hidden).toEqual([{ messageId: 'm-1', seconds: 2 }]);
  });

  test('is rejected at once, with its reason', async () => {
    const { failed, queue } = await handled(WRONG);

    expect(failed).toEqual([]);
    expect(queue.rejected).toMatchObject([{ messageId: 'm-1', reason: 'invalid-message' }]);
    expect(queue.deadLetters[0]?.attributes['Reason']?.StringValue).toBe('invalid-message');
  });
});

describe('a record that is rejected', () => {
  test.each(Object.entries(ATTRIBUTE_SHAPES))(
    'keeps an attribute that has %s, or leaves out what SQS would refuse',
    async (_, [shape, sent]) => {
      const { handle, parcel, queue } = parcelWorker(failingFor({}));
      const neighbour = { dataType: 'String', stringValue: 'kept' };

      expect(
        await handle([
          withAttributes(parcel('m-1', { body: WRONG }), { trace: shape, neighbour }),
          parcel('a'),
        ]),
      ).toEqual([]);

      const [letter] = queue.deadLetters;
      expect(letter?.explained).toBe(true);
      expect(letter?.attributes['trace']).toEqual(sent);
      expect(letter?.attributes['neighbour']?.StringValue).toBe('kept');
    },
  );

  test.each([[null], [undefined], [{}], [[]], ['']])(
    'may have no attributes at all: %j',
    async (attributes) => {
      const { handle, parcel, queue } = parcelWorker(failingFor({}));

      expect(await handle([withAttributes(parcel('m-1', { body: WRONG }), attributes)])).toEqual(
        [],
      );
      expect(queue.rejected).toMatchObject([{ reason: 'invalid-message' }]);
    },
  );
});
