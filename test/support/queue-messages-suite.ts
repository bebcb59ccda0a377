import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import type { QueueMessages } from '#shared/sqs/queue-messages.ts';

/** A queue and its dead-letter queue, as seen from outside the port. */
export interface QueueStage {
  /** Made for the function `a-function`. */
  readonly queue: QueueMessages;
  send(body: string, attributes?: SQSMessageAttributes): Promise<void>;
  /** The next visible message, as Lambda would hand it over; it is hidden from then on. */
  receive(): Promise<SQSRecord | undefined>;
  /** What the dead-letter queue holds. */
  deadLetters(): Promise<readonly Pick<SQSRecord, 'body' | 'messageAttributes'>[]>;
}

const REJECTION = {
  reason: 'invalid-message',
  errorMessage: 'detail.mallId: expected a mall id',
  rejectedAt: new Date('2026-03-01T12:00:00.000Z'),
  publishedAt: new Date('2026-03-01T11:00:00.000Z'),
};
const string = (stringValue: string) => ({ dataType: 'String', stringValue });

/** What a consumer relies on, whatever stands behind {@link QueueMessages}. */
export function describeQueueMessages(name: string, openStage: () => Promise<QueueStage>): void {
  const stageWith = async (body: string, attributes?: SQSMessageAttributes) => {
    const stage = await openStage();
    await stage.send(body, attributes);
    const record = (await stage.receive())!;
    return { stage, record };
  };
  const letterOf = async (stage: QueueStage) => {
    const letters = await stage.deadLetters();
    expect(letters).toHaveLength(1);
    return letters[0]!;
  };

  describe(name, () => {
    test('a hidden message is not handed out', async () => {
      const { stage, record } = await stageWith('{}');

      await stage.queue.hide(record, 30);

      expect(await stage.receive()).toBeUndefined();
    });

    test('a message that is hidden for 0 s is handed out again', async () => {
      const { stage, record } = await stageWith('{}');

      await stage.queue.hide(record, 0);

      expect((await stage.receive())?.messageId).toBe(record.messageId);
    });

    test('messages that are deleted are not handed out again, more than ten of them too', async () => {
      const stage = await openStage();
      const records: SQSRecord[] = [];
      for (let sent = 0; sent < 12; sent++) {
        await stage.send(String(sent));
        records.push((await stage.receive())!);
      }

      await stage.queue.delete(records.slice(1));

      await stage.queue.hide(records[0]!, 0);
      expect((await stage.receive())?.messageId).toBe(records[0]?.messageId);
      await stage.queue.hide(records[0]!, 30);
      expect(await stage.receive()).toBeUndefined();
    });

    test('a rejected message arrives with its reason and its body byte for byte', async () => {
      const body = '{"b": 1,\n\t"a":"\\u00e9é\u{1F600}" } ';
      const { stage, record } = await stageWith(body);

      const receipt = await stage.queue.reject(record, REJECTION);

      expect(receipt.explained).toBe(true);
      const letter = await letterOf(stage);
      expect(letter.body).toBe(body);
      expect(letter.messageAttributes).toMatchObject({
        Reason: string('invalid-message'),
        ErrorMessage: string('detail.mallId: expected a mall id'),
        FunctionName: string('a-function'),
        OriginalMessageId: string(record.messageId),
        RejectedAt: string('2026-03-01T12:00:00.000Z'),
        PublishedAt: string('2026-03-01T11:00:00.000Z'),
      });
    });

    test("a rejected message keeps the sender's attributes, binary ones too", async () => {
      const sent = {
        tenant: string('north'),
        weight: { dataType: 'Number.kg', stringValue: '12.5' },
        digest: { dataType: 'Binary', binaryValue: Buffer.from([0, 255, 10]).toString('base64') },
      };
      const { stage, record } = await stageWith('{}', sent);

      await stage.queue.reject(record, REJECTION);

      expect((await letterOf(stage)).messageAttributes).toMatchObject(sent);
    });

    test('a message whose attributes leave no room is rejected without a reason', async () => {
      const six = Array.from({ length: 6 }, (_, n) => [`own${String(n)}`, string('x')] as const);
      const { stage, record } = await stageWith('{}', Object.fromEntries(six));

      const receipt = await stage.queue.reject(record, REJECTION);

      expect(receipt.explained).toBe(false);
      const { messageAttributes } = await letterOf(stage);
      expect(Object.keys(messageAttributes).sort()).toEqual(six.map(([key]) => key));
    });

    test('characters that SQS refuses are replaced in the error message', async () => {
      const { stage, record } = await stageWith('{}');

      await stage.queue.reject(record, { ...REJECTION, errorMessage: 'a\u0000b\uFFFEc\uD800' });

      const { messageAttributes } = await letterOf(stage);
      expect(messageAttributes['ErrorMessage']).toMatchObject(string('a\uFFFDb\uFFFDc\uFFFD'));
    });
  });
}
