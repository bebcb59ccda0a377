import { createHash, randomUUID } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';

export interface RecordFields {
  readonly body: unknown;
  readonly messageId?: string;
  readonly receiveCount?: number;
  readonly sentAt?: Date;
  readonly attributes?: SQSMessageAttributes;
}

/**
 * A record as Lambda hands it over (Lambda developer guide, "Using Lambda with Amazon SQS", and the
 * shapes that were seen: aws-powertools/powertools-lambda-typescript #3398, #4436, #4631, read
 * 2026-11): fields that a message does not use are there all the same, null or empty. A `body` that is
 * no string becomes JSON.
 */
export function sqsRecord(fields: RecordFields): SQSRecord {
  const body = typeof fields.body === 'string' ? fields.body : JSON.stringify(fields.body);
  const sentAt = String((fields.sentAt ?? new Date()).getTime());
  const attributes = Object.entries(fields.attributes ?? {});
  const record = {
    messageId: fields.messageId ?? randomUUID(),
    receiptHandle: `receipt-${randomUUID()}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(fields.receiveCount ?? 1),
      AWSTraceHeader: null,
      SentTimestamp: sentAt,
      SenderId: 'AIDATEST',
      ApproximateFirstReceiveTimestamp: sentAt,
      DeadLetterQueueSourceArn: null,
    },
    messageAttributes: Object.fromEntries(
      attributes.map(([name, attribute]) => [name, { ...UNUSED, ...attribute }]),
    ),
    md5OfBody: createHash('md5').update(body).digest('hex'),
    md5OfMessageAttributes: null,
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:ap-northeast-2:000000000000:a-queue',
    awsRegion: 'ap-northeast-2',
  };
  // The types know of no null.
  return record as unknown as SQSRecord;
}

/** What an attribute has beside its type and its value. */
const UNUSED = {
  stringValue: null,
  binaryValue: null,
  stringListValues: [],
  binaryListValues: [],
};

/** What of a record can look otherwise: the same message, handed over in another of AWS's shapes. */
export const RECORD_SHAPES: Readonly<Record<string, (record: SQSRecord) => object>> = {
  'of a standard queue': (record) => record,
  'of a FIFO queue': (record) => ({
    ...record,
    eventSourceARN: `${record.eventSourceARN}.fifo`,
    attributes: {
      ...record.attributes,
      SequenceNumber: '18849496460467696128',
      MessageGroupId: 'a-group',
      MessageDeduplicationId: 'a-deduplication-id',
    },
  }),
  'that was traced and redriven': (record) => ({
    ...record,
    md5OfMessageAttributes: '00484c68...59e48f3',
    attributes: {
      ...record.attributes,
      AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
      DeadLetterQueueSourceArn: record.eventSourceARN,
    },
  }),
  'without what is optional': ({ messageId, receiptHandle, body, attributes }) => {
    const { ApproximateReceiveCount, SentTimestamp, SenderId } = attributes;
    const needed = { ApproximateReceiveCount, SentTimestamp, SenderId };
    return { messageId, receiptHandle, body, attributes: needed, messageAttributes: null };
  },
  'without a time and a count': (record) => ({ ...record, attributes: {} }),
};

/** Message attributes of each type, as the sender gave them and as Lambda hands them over. */
export const ATTRIBUTE_SHAPES: Readonly<Record<string, readonly [object, object | undefined]>> = {
  'a text beside nulls and lists': [
    { ...UNUSED, dataType: 'String', stringValue: 'x' },
    { DataType: 'String', StringValue: 'x' },
  ],
  'a text beside an empty binary': [
    { dataType: 'String', stringValue: 'x', binaryValue: '' },
    { DataType: 'String', StringValue: 'x' },
  ],
  'a text alone': [
    { dataType: 'String', stringValue: 'x' },
    { DataType: 'String', StringValue: 'x' },
  ],
  'a text of a kind of its own': [
    { ...UNUSED, dataType: 'String.custom', stringValue: 'x' },
    { DataType: 'String.custom', StringValue: 'x' },
  ],
  'a number': [
    { ...UNUSED, dataType: 'Number', stringValue: '12.50' },
    { DataType: 'Number', StringValue: '12.50' },
  ],
  'a number of a kind of its own': [
    { ...UNUSED, dataType: 'Number.kg', stringValue: '12.5' },
    { DataType: 'Number.kg', StringValue: '12.5' },
  ],
  'a binary beside an empty text': [
    { ...UNUSED, dataType: 'Binary', stringValue: '', binaryValue: 'AP8K' },
    { DataType: 'Binary', BinaryValue: Buffer.from([0, 255, 10]) },
  ],
  'a binary of a kind of its own': [
    { ...UNUSED, dataType: 'Binary.png', binaryValue: 'AP8K' },
    { DataType: 'Binary.png', BinaryValue: Buffer.from([0, 255, 10]) },
  ],
  'an empty binary': [{ ...UNUSED, dataType: 'Binary', binaryValue: '' }, undefined],
  'an empty text': [{ ...UNUSED, dataType: 'String', stringValue: '' }, undefined],
  'nothing but nulls': [{ ...UNUSED, dataType: 'String' }, undefined],
  'no type': [{ ...UNUSED, stringValue: 'x' }, undefined],
};

/** Attributes as the SDK gives them, in the form in which Lambda hands them over. */
export function toRecordAttributes(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
): SQSMessageAttributes {
  const entries = Object.entries(attributes).map(([name, value]) => {
    const { DataType: dataType = '', StringValue: stringValue, BinaryValue } = value;
    const binaryValue = BinaryValue && Buffer.from(BinaryValue).toString('base64');
    return [name, { dataType, stringValue, binaryValue }] as const;
  });
  return Object.fromEntries(entries);
}

/** The way back: a record's attributes as the SDK wants them. */
export function toSdkAttributes(
  attributes: SQSMessageAttributes,
): Record<string, MessageAttributeValue> {
  const entries = Object.entries(attributes).map(([name, value]) => {
    const { dataType: DataType, stringValue: StringValue, binaryValue } = value;
    const BinaryValue = binaryValue ? Buffer.from(binaryValue, 'base64') : undefined;
    return [name, { DataType, StringValue, BinaryValue }] as const;
  });
  return Object.fromEntries(entries);
}
