import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { EventDefinition } from '#events/define-event.ts';
import { MetadataField } from '#events/metadata.ts';
import { sentAtOf } from './age.ts';
import { parseBody } from './body.ts';
import type { Losses } from './losses.ts';

/** One event as a use case sees it, however it came. */
export interface Message<Detail> {
  readonly detail: Detail;
  /** SQS's id of this message. */
  readonly messageId: string;
  /** The earliest of when it was first sent and the times of the envelopes, where they can be read. */
  readonly publishedAt: Date;
  /** 1 for a message that came for the first time. */
  readonly receiveCount: number;
  /** The same along a whole chain of events. */
  readonly correlationId: string;
  /** What an event that follows from this message names as its cause. */
  readonly causationId: string;
}

/** A message as it was read. */
export interface Parsed<Detail> {
  readonly message: Message<Detail>;
  /** Fields that only describe, and were not taken as they stood: the log tells of them. */
  readonly losses: Losses;
}

const WithMetadata = z.object({ metadata: MetadataField });

/**
 * Reads an event from a record whose body is an EventBridge envelope, a bare `detail`, or one of them
 * in a wrapping of SNS or of JSON.
 *
 * @throws {@link InvalidMessageError} (reject) The body is not JSON, the event is another, or fields
 * are wrong: the first 50 are named by their paths in the body, no value is quoted.
 */
export function parseMessage<Detail extends object>(
  record: SQSRecord,
  event: EventDefinition<Detail>,
): Parsed<Detail> {
  const { headers, detail, losses } = parseBody(record.body, event);
  const { metadata } = WithMetadata.catch({}).parse(detail);
  const sentAt = sentAtOf(record);
  const { time = sentAt } = headers;
  const message = {
    detail,
    messageId: record.messageId,
    publishedAt: time < sentAt ? time : sentAt,
    receiveCount: receiveCountOf(record),
    correlationId: metadata?.correlationId ?? headers.id ?? record.messageId,
    causationId: metadata?.eventId ?? headers.id ?? record.messageId,
  };
  return { message, losses };
}

/** How often SQS has handed the message out, this time included. */
export function receiveCountOf(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount) || 1;
}
