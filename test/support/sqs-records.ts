import { createHash, randomUUID } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Context, SQSMessageAttributes, SQSRecord } from 'aws-lambda';

export interface RecordFields {
  readonly body: unknown;
  readonly messageId?: string;
  readonly receiveCount?: number;
  readonly sentAt?: Date;
  readonly attributes?: SQSMessageAttributes;
}

/** A record as Lambda hands it over. A `body` that is no string becomes JSON. */
export function sqsRecord(fields: RecordFields): SQSRecord {
  const body = typeof fields.body === 'string' ? fields.body : JSON.stringify(fields.body);
  const sentAt = String((fields.sentAt ?? new Date()).getTime());
  return {
    messageId: fields.messageId ?? randomUUID(),
    receiptHandle: `receipt-${randomUUID()}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(fields.receiveCount ?? 1),
      SentTimestamp: sentAt,
      SenderId: 'AIDATEST',
      ApproximateFirstReceiveTimestamp: sentAt,
    },
    messageAttributes: fields.attributes ?? {},
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:ap-northeast-2:000000000000:a-queue',
    awsRegion: 'ap-northeast-2',
  };
}

/** What a handler asks of Lambda's context here: the time that is left. */
export function lambdaContext(getRemainingTimeInMillis: () => number): Context {
  return { getRemainingTimeInMillis } as Context;
}

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
    const BinaryValue = binaryValue === undefined ? undefined : Buffer.from(binaryValue, 'base64');
    return [name, { DataType, StringValue, BinaryValue }] as const;
  });
  return Object.fromEntries(entries);
}
