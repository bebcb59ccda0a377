import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import DataLoader from 'dataloader';
import { PublishFailedError } from '../errors.ts';
import type { OutcomePublisher } from '../grants/publish-outcome.ts';
import { eventToEntry, type Entry } from './entry.ts';
import { packEntries, putEntries } from './put-entries.ts';

/** The records of a batch have their outcomes within a few milliseconds of each other. */
const GATHER_MS = 2;

/**
 * Puts outcomes on the bus `busName`, with source `tokenline`; those that come within 2 ms share
 * calls of ten and 200 KB at most. Each has its own end: what the bus does not take fails alone.
 */
export function gatheredOutcomes(client: EventBridgeClient, busName: string): OutcomePublisher {
  const loader = new DataLoader<Entry, undefined>((entries) => putTogether(client, entries), {
    cache: false,
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
  const ends = packEntries(entries).map((parcel) => putParcel(client, parcel));
  return (await Promise.all(ends)).flat();
}

async function putParcel(
  client: EventBridgeClient,
  parcel: readonly Entry[],
): Promise<(Error | undefined)[]> {
  const refused = await putEntries(client, parcel);
  const notTaken = new Set(refused?.entries);
  return parcel.map((entry) =>
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
