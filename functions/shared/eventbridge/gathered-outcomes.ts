import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import DataLoader from 'dataloader';
import { PublishFailedError } from '../errors.ts';
import type { OutcomePublisher } from '../grants/publish-outcome.ts';
import { eventToEntry, type Entry } from './entry.ts';
import { putEntries } from './put-entries.ts';

/** The records of a batch have their outcomes within a few milliseconds of each other. */
const GATHER_MS = 2;

/** Quota of PutEvents (EventBridge quotas, read 2026-11). */
const MAX_ENTRIES = 10;

/**
 * Puts outcomes on the bus `busName`, with source `tokenline`; those that come within 2 ms share
 * calls of ten. Each has its own end: what the bus does not take fails alone.
 *
 * For events of a few KB, so that ten never come near the 256 KB that a call may have.
 */
export function gatheredOutcomes(client: EventBridgeClient, busName: string): OutcomePublisher {
  const loader = new DataLoader<Entry, undefined>((entries) => putTogether(client, entries), {
    cache: false,
    maxBatchSize: MAX_ENTRIES,
    batchScheduleFn: (put) => setTimeout(put, GATHER_MS),
  });
  return {
    async publish(event) {
      await loader.load(eventToEntry(event, busName));
    },
  };
}

async function putTogether(
  client: EventBridgeClient,
  entries: readonly Entry[],
): Promise<(Error | undefined)[]> {
  const refused = await putEntries(client, entries);
  const notTaken = new Set(refused?.entries);
  return entries.map((entry) =>
    notTaken.has(entry)
      ? new PublishFailedError(
          `EventBridge did not take ${entry.DetailType}: ${refused?.reason}.`,
          {
            cause: refused?.cause,
          },
        )
      : undefined,
  );
}
