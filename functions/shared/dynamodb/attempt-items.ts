import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { NewestGrant, OpenAttempt, Standing } from '../grants/leased-attempts.ts';
import type { FinishedAttempt } from '../grants/ports.ts';

export type Item = Record<string, AttributeValue>;

/**
 * So long reads of a stored grant may be old, and no longer: one that was deleted and put again by hand
 * begins with version 1. AWS names no bound for Parameter Store, but that a name can be put again 30 s
 * after its deletion (API reference of DeleteParameter, read 2026-11).
 */
const OLD_READS_MS = 60_000;

const Text = z.object({ S: z.string() }).transform(({ S }) => S);
const Whole = z.object({ N: z.string() }).transform(({ N }) => Number(N));
const Texts = z.object({ SS: z.array(z.string()) }).transform(({ SS }) => SS);

/** Times are epochs in milliseconds, so that conditions can compare them. */
const LeaseItem = z.object({
  attemptId: Text.optional(),
  grantType: Text.pipe(z.enum(['authorization_code', 'refresh_token', 'password'])).optional(),
  baseVersion: Whole.optional(),
  baseAttemptId: Text.optional(),
  leaseUntil: Whole.optional(),
  settledBy: Text.optional(),
  correlationId: Text.optional(),
  causationId: Text.optional(),
  restUntil: Whole.optional(),
  restReason: Text.optional(),
  failures: Whole.optional(),
  failingSince: Whole.optional(),
  wishedVersion: Whole.optional(),
  refusedVersion: Whole.optional(),
  storedVersion: Whole.optional(),
  storedBy: Text.optional(),
  storedAt: Whole.optional(),
  unpublished: Texts.optional(),
});
type LeaseItem = z.output<typeof LeaseItem>;

/** Of one that is over. `event` is JSON; the lease is that of the process that is to publish it. */
const AttemptItem = z.object({
  attemptId: Text,
  outcome: Text,
  finishedAt: Whole,
  leaseUntil: Whole,
  event: Text.optional(),
  publishedAt: Whole.optional(),
});
export type AttemptItem = z.output<typeof AttemptItem>;

const Event = z.object({ detailType: z.string(), detail: z.record(z.string(), z.unknown()) });

export const MarkItem = z.object({ salt: Text, fingerprint: Text, reason: Text });

export interface ReadLease {
  readonly standing: Standing;
  /** Ids of finished attempts whose event is not published. */
  readonly unpublished: readonly string[];
  /** Attempts without a grant since the last grant. */
  readonly failures: number;
  /** The open attempt, if it has said what it is about. Without that it has asked nobody. */
  readonly declared: OpenAttempt | undefined;
}

/** @param subject whose lease it is. A lease that was never taken is no item. */
export function itemToLease(item: Item | undefined, subject: string, now: Date): ReadLease {
  const lease = LeaseItem.parse(item ?? {});
  const { restUntil = 0, restReason = '', unpublished = [] } = lease;
  const open = openAttempt(lease, subject);
  return {
    standing: {
      open: open && {
        attempt: open,
        lives: (lease.leaseUntil ?? 0) > now.getTime(),
        isBeingSettled: lease.settledBy !== undefined,
      },
      rest:
        restUntil > now.getTime() ? { until: new Date(restUntil), reason: restReason } : undefined,
      hasUnpublished: unpublished.length > 0,
      wishedVersion: lease.wishedVersion ?? 0,
      refusedVersion: lease.refusedVersion ?? 0,
      failingSince: lease.failingSince === undefined ? undefined : new Date(lease.failingSince),
      newest: newestGrant(lease, now),
    },
    unpublished,
    failures: lease.failures ?? 0,
    declared: lease.grantType === undefined ? undefined : open,
  };
}

function newestGrant(
  { storedVersion, storedBy, storedAt = 0 }: LeaseItem,
  now: Date,
): NewestGrant | undefined {
  if (storedVersion === undefined || storedBy === undefined) return undefined;
  const isSeenByAll = now.getTime() - storedAt >= OLD_READS_MS;
  return isSeenByAll ? undefined : { version: storedVersion, attemptId: storedBy };
}

function openAttempt(lease: LeaseItem, subject: string): OpenAttempt | undefined {
  const { attemptId, correlationId = '', causationId = '' } = lease;
  if (attemptId === undefined) return undefined;
  const { grantType = 'refresh_token', baseVersion = 0, baseAttemptId } = lease;
  const cause = { correlationId, causationId };
  return { attemptId, grantType, subject, baseVersion, baseAttemptId, cause };
}

export function itemToAttempt(item: Item): AttemptItem {
  return AttemptItem.parse(item);
}

export function toFinishedAttempt({
  attemptId,
  outcome,
  event,
  publishedAt,
}: AttemptItem): FinishedAttempt {
  const isUnpublished = event !== undefined && publishedAt === undefined;
  return {
    attemptId,
    outcome,
    unpublished: isUnpublished ? Event.parse(JSON.parse(event)) : undefined,
  };
}

/** Attributes of an item; what is undefined is left out. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): Item {
  const item: Item = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) {
      item[name] = typeof value === 'number' ? { N: String(value) } : { S: value };
    }
  }
  return item;
}
