import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { systemClock, type Clock } from '../clock.ts';
import { attributesOf } from './attributes.ts';

const Epoch = z.string().regex(/^\d+$/).transform(Number);
const Instant = z.iso.datetime({ offset: true });

/**
 * When the message was sent for the first time, as far as its record tells: when SQS took it or,
 * where it was rejected and redriven, what its dead letter says of its former life (`PublishedAt`).
 *
 * @remarks A redrive sends a message anew, with a new SentTimestamp. What SQS itself moved to the DLQ,
 * by `maxReceiveCount`, has no attributes of ours: redriven, a bare `detail` counts as new.
 *
 * Who may send to the queue can write such attributes too; it makes a message older, which its
 * envelope's `time` can do as well, never younger. An attribute of that name alone is the sender's
 * own and says nothing.
 */
export function sentAtOf(record: SQSRecord, clock: Clock = systemClock): Date {
  const { SentTimestamp, ApproximateFirstReceiveTimestamp } = record.attributes;
  const sent = Epoch.safeParse(SentTimestamp).data;
  const epochMs = sent ?? Epoch.safeParse(ApproximateFirstReceiveTimestamp).data;
  return new Date(Math.min(epochMs ?? clock().getTime(), formerLifeMs(record)));
}

function formerLifeMs(record: SQSRecord): number {
  const { PublishedAt, RejectedAt, OriginalMessageId } = attributesOf(record);
  if (RejectedAt === undefined || OriginalMessageId === undefined) return Infinity;
  const publishedAt = Instant.safeParse(PublishedAt?.StringValue).data;
  return publishedAt === undefined ? Infinity : Date.parse(publishedAt);
}
