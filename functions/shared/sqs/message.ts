import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { EventDefinition } from '#events/define-event.ts';
import { Metadata } from '#events/metadata.ts';
import { sentAtOf } from './age.ts';
import { parseBody } from './body.ts';

/** One event as a use case sees it, however it came. */
export interface Message<Detail> {
  readonly detail: Detail;
  /** SQS's id of this message. */
  readonly messageId: string;
  /** The earlier of the envelope's `time` and SQS's SentTimestamp. */
  readonly publishedAt: Date;
  /** 1 for a message that came for the first time. */
  readonly receiveCount: number;
  /** The same along a whole chain of events. */
  readonly correlationId: string;
  /** What an event that follows from this message names as its cause. */
  readonly causationId: string;
}

const WithMetadata = z.object({ metadata: Metadata.optional() });

/**
 * Reads an event from a record whose body is an EventBridge envelope or a bare `detail`.
 *
 * @throws {@link InvalidMessageError} (reject) The body is not JSON, the envelope is another
 * event's, or fields are wrong: every one is named by its path in the body, no value is quoted.
 */
export function parseMessage<Detail extends object>(
  record: SQSRecord,
  event: EventDefinition<Detail>,
): Message<Detail> {
  const { headers, detail } = parseBody(record.body, event);
  const { metadata } = WithMetadata.catch({}).parse(detail);
  const sentAt = sentAtOf(record);
  const time = headers.time === undefined ? sentAt : new Date(headers.time);
  return {
    detail,
    messageId: record.messageId,
    publishedAt: time < sentAt ? time : sentAt,
    receiveCount: receiveCountOf(record),
    correlationId: metadata?.correlationId ?? headers.id ?? record.messageId,
    causationId: metadata?.eventId ?? headers.id ?? record.messageId,
  };
}

/** How often SQS has handed the message out, this time included. */
export function receiveCountOf(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount) || 1;
}
