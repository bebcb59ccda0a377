import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { attributesOf, type Attributes } from './attributes.ts';

/** Why a message goes to the dead-letter queue. */
export interface Rejection {
  /** The error's code, or `retries-exhausted:<code>`. */
  readonly reason: string;
  readonly errorMessage: string;
  readonly rejectedAt: Date;
  /** When the message was sent for the first time: its age travels with it when it is redriven. */
  readonly publishedAt: Date;
}

/** A rejected message as it is put into the dead-letter queue. */
export interface DeadLetter {
  readonly body: string;
  readonly attributes: Attributes;
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
 * rejection as attributes of ours when SQS's quotas leave room for all of them; the age gives way
 * first.
 *
 * @remarks A message that was redriven out of a dead-letter queue and fails again carries an older
 * explanation: the new one takes its place, but `OriginalMessageId` stays that of the first life.
 */
export function deadLetterOf(
  record: SQSRecord,
  rejection: Rejection,
  functionName: string,
): DeadLetter {
  const { body } = record;
  const inherited = attributesOf(record);
  const explained = {
    ...inherited,
    Reason: text(rejection.reason),
    ErrorMessage: text(rejection.errorMessage),
    FunctionName: text(functionName),
    OriginalMessageId: inherited['OriginalMessageId'] ?? text(record.messageId),
    RejectedAt: text(rejection.rejectedAt.toISOString()),
  };
  const dated = { ...explained, PublishedAt: text(rejection.publishedAt.toISOString()) };
  const attributes = [dated, explained].find((some) => fits(body, some));
  return { body, attributes: attributes ?? inherited, explained: attributes !== undefined };
}

function text(value: string): MessageAttributeValue {
  const allowed = value.slice(0, MAX_TEXT_LENGTH).replace(REFUSED_CHARACTERS, '\u{FFFD}');
  return { DataType: 'String', StringValue: allowed === '' ? '-' : allowed };
}

function fits(body: string, attributes: Attributes): boolean {
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
