import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SQSMessageAttribute, SQSRecord } from 'aws-lambda';

/** Why a message goes to the dead-letter queue. */
export interface Rejection {
  /** The error's code, or `retries-exhausted:<code>`. */
  readonly reason: string;
  readonly errorMessage: string;
  readonly rejectedAt: Date;
}

/** A rejected message as it is put into the dead-letter queue. */
export interface DeadLetter {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** False where the sender's attributes left no room for the rejection's own. */
  readonly explained: boolean;
}

// Quotas of SQS (developer guide, "message quotas", read 2026-11).
const MAX_ATTRIBUTES = 10;
const MAX_MESSAGE_BYTES = 1024 * 1024;
const REFUSED_CHARACTERS = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Ours: enough for a reader, little beside the body. */
const MAX_TEXT_LENGTH = 1024;

/**
 * Builds the dead letter of a record: the body untouched, the sender's attributes, and the
 * rejection as attributes of ours when SQS's quotas leave room for all of them.
 *
 * @remarks A message that was redriven out of a dead-letter queue and fails again carries an older
 * explanation: the new one takes its place, but `OriginalMessageId` stays that of the first life.
 */
export function deadLetterOf(
  record: SQSRecord,
  rejection: Rejection,
  functionName: string,
): DeadLetter {
  const inherited = inheritedBy(record);
  const attributes = {
    ...inherited,
    Reason: text(rejection.reason),
    ErrorMessage: text(rejection.errorMessage),
    FunctionName: text(functionName),
    OriginalMessageId: inherited['OriginalMessageId'] ?? text(record.messageId),
    RejectedAt: text(rejection.rejectedAt.toISOString()),
  };
  return fits(record.body, attributes)
    ? { body: record.body, attributes, explained: true }
    : { body: record.body, attributes: inherited, explained: false };
}

function inheritedBy({ messageAttributes }: SQSRecord): DeadLetter['attributes'] {
  const entries = Object.entries(messageAttributes);
  return Object.fromEntries(entries.map(([name, attribute]) => [name, toSdk(attribute)]));
}

function toSdk({ dataType, ...value }: SQSMessageAttribute): MessageAttributeValue {
  return value.binaryValue === undefined
    ? { DataType: dataType, StringValue: value.stringValue }
    : { DataType: dataType, BinaryValue: Buffer.from(value.binaryValue, 'base64') };
}

function text(value: string): MessageAttributeValue {
  const allowed = value.slice(0, MAX_TEXT_LENGTH).replace(REFUSED_CHARACTERS, '\u{FFFD}');
  return { DataType: 'String', StringValue: allowed === '' ? '-' : allowed };
}

function fits(body: string, attributes: DeadLetter['attributes']): boolean {
  const entries = Object.entries(attributes);
  const bytes = entries.map(([name, value]) => Buffer.byteLength(name) + bytesOf(value));
  return (
    entries.length <= MAX_ATTRIBUTES &&
    bytes.reduce((sum, size) => sum + size, Buffer.byteLength(body)) <= MAX_MESSAGE_BYTES
  );
}

function bytesOf({ DataType, StringValue, BinaryValue }: MessageAttributeValue): number {
  const value = BinaryValue?.byteLength ?? Buffer.byteLength(StringValue ?? '');
  return Buffer.byteLength(DataType ?? '') + value;
}
