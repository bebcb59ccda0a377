import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { sqsQueueMessages } from '#shared/sqs/queue-messages.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { inMemorySqs, type StoredMessage } from '#test/support/in-memory-sqs.ts';
import { describeQueueMessages, type QueueStage } from '#test/support/queue-messages-suite.ts';
import { sqsRecord, toRecordAttributes, toSdkAttributes } from '#test/support/sqs-records.ts';

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
