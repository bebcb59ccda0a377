import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { DependencyUnavailableError } from '#shared/errors.ts';
import { sqsQueueMessages } from '#shared/sqs/queue-messages.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { inMemorySqs, type StoredMessage } from '#test/support/in-memory-sqs.ts';
import { describeQueueMessages, type QueueStage } from '#test/support/queue-messages-suite.ts';
import { sqsRecord, toRecordAttributes, toSdkAttributes } from '#test/support/sqs-records.ts';
import { failingFor, parcelWorker } from './parcel-worker.ts';

const ADDRESS = {
  queueUrl: 'http://sqs.invalid/000000000000/work',
  deadLetterQueueUrl: 'http://sqs.invalid/000000000000/work-dlq',
  functionName: 'a-function',
};

function adapterStage(): QueueStage {
  const { client, messages } = inMemorySqs();
  const recordsOf = (url: string) => messages.filter(({ queueUrl }) => queueUrl === url);
  return {
    queue: sqsQueueMessages(client, ADDRESS),
    send: async (body, attributes = {}) => {
      const content = { MessageBody: body, MessageAttributes: toSdkAttributes(attributes) };
      await client.send(new SendMessageCommand({ QueueUrl: ADDRESS.queueUrl, ...content }));
    },
    receive: () => {
      const next = recordsOf(ADDRESS.queueUrl).find(({ hiddenForSeconds }) => !hiddenForSeconds);
      if (next) next.hiddenForSeconds = 30;
      return Promise.resolve(next && toRecord(next));
    },
    deadLetters: () => Promise.resolve(recordsOf(ADDRESS.deadLetterQueueUrl).map(toRecord)),
  };
}

function toRecord({ messageId, body, attributes }: StoredMessage): SQSRecord {
  const record = sqsRecord({ messageId, body, attributes: toRecordAttributes(attributes) });
  return { ...record, receiptHandle: messageId };
}

function fakeStage(): QueueStage {
  const queue = fakeQueueMessages('a-function');
  const records: SQSRecord[] = [];
  const received = new Set<string>();
  const isVisible = ({ messageId }: SQSRecord) =>
    !queue.deleted.includes(messageId) &&
    (!received.has(messageId) ||
      queue.hidden.findLast((hide) => hide.messageId === messageId)?.seconds === 0);
  return {
    queue,
    send: (body, attributes = {}) => {
      records.push(sqsRecord({ body, attributes }));
      return Promise.resolve();
    },
    receive: () => {
      const next = records.find(isVisible);
      if (next) received.add(next.messageId);
      return Promise.resolve(next);
    },
    deadLetters: () => {
      const letters = queue.deadLetters.map(({ body, attributes }) =>
        sqsRecord({ body, attributes: toRecordAttributes(attributes) }),
      );
      return Promise.resolve(letters);
    },
  };
}

describeQueueMessages('the fake queue', () => Promise.resolve(fakeStage()));
describeQueueMessages('the SQS adapter', () => Promise.resolve(adapterStage()));

test('an error of SQS comes through to the caller', async () => {
  const { queue } = adapterStage();

  await expect(queue.hide(sqsRecord({ body: '{}' }), 5)).rejects.toMatchObject({
    name: 'ReceiptHandleIsInvalid',
  });
});

describe('of messages that are deleted at once', () => {
  const twelve = async () => {
    const { client, messages, failing } = inMemorySqs();
    for (let sent = 0; sent < 12; sent++) {
      const content = { QueueUrl: ADDRESS.queueUrl, MessageBody: String(sent) };
      await client.send(new SendMessageCommand(content));
    }
    const records = messages.map(toRecord);
    const left = () => messages.map(({ body }) => body);
    return { queue: sqsQueueMessages(client, ADDRESS), failing, records, left };
  };

  test('one that SQS fails to delete is told, and the others are deleted', async () => {
    const { queue, failing, records, left } = await twelve();
    failing.add(records[3]!.receiptHandle);

    await expect(queue.delete(records)).rejects.toThrow('SQS did not delete 1 messages');
    expect(left()).toEqual(['3']);
  });

  test.each([
    ['a receipt that is not valid any more', 'of-an-earlier-receive'],
    ['no receipt', undefined],
    ['an empty receipt', ''],
  ])('one with %s holds nobody up, and the others are deleted', async (_, receiptHandle) => {
    const { queue, records, left } = await twelve();
    const odd = { ...records[3], receiptHandle } as SQSRecord;

    await queue.delete(records.toSpliced(3, 1, odd));
    expect(left()).toEqual(['3']);
  });
});

test.each([['gone'], ['']])(
  'a message whose receipt is "%s" is not hidden, stays in its queue, and costs no neighbour',
  async (receiptHandle) => {
    const { client, messages } = inMemorySqs();
    const { queueUrl: QueueUrl } = ADDRESS;
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"parcelId":"a"}' }));
    const [neighbour] = messages.map(toRecord);
    const away = new DependencyUnavailableError('store-unavailable', 'The store is away.');
    const { handle, log } = parcelWorker(
      failingFor({ a: away }),
      sqsQueueMessages(client, ADDRESS),
    );

    expect(await handle([{ ...neighbour!, messageId: 'odd', receiptHandle }, neighbour!])).toEqual([
      'odd',
      neighbour?.messageId,
    ]);
    expect(messages[0]?.hiddenForSeconds).toBeGreaterThan(0);
    expect(log.lines.filter(({ fields }) => fields['fate'] === 'retried')).toHaveLength(2);
  },
);
