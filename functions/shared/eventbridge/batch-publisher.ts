import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Deadline } from '../clock.ts';
import { PublishFailedError } from '../errors.ts';
import type { OutcomeEvent } from '../grants/ports.ts';
import { eventToEntry, type Entry } from './entry.ts';
import { CALL_TIMEOUT_MS, packEntries, putEntries, type Refused } from './put-entries.ts';

/** A call that begins later could outlive the invocation. */
const LEAST_TIME_MS = CALL_TIMEOUT_MS + 1_000;

const MAX_ROUNDS = 4;
const FIRST_PAUSE_MS = 200;
const PAUSE_GROWTH = 3;

/** Puts many events on the bus. */
export interface BatchPublisher {
  /**
   * Publishes all events; what the bus refuses is offered again, four times in all, within the
   * deadline.
   *
   * @throws {@link PublishFailedError} the bus has not taken all of them. Which ones it took is not
   *   told: whoever publishes again publishes all again.
   */
  publishAll(events: readonly OutcomeEvent[], deadline: Deadline): Promise<void>;
}

export interface BatchPublisherDependencies {
  /** Without tries of its own (`maxAttempts: 1`), which would eat the deadline. */
  readonly client: EventBridgeClient;
  readonly pause: (ms: number) => Promise<unknown>;
  /** From 0 to 1: senders that were refused together must not come back together. */
  readonly random: () => number;
}

/** Puts events on the bus `busName`, with source `tokenline`, packed into as few calls as go. */
export function eventBridgeBatches(
  busName: string,
  { client, pause, random }: BatchPublisherDependencies,
): BatchPublisher {
  return {
    async publishAll(events, deadline) {
      const all = events.map((event) => eventToEntry(event, busName));
      let refused = await offer(all, deadline);
      for (let round = 1; round < MAX_ROUNDS && refused !== undefined; round++) {
        const pauseMs = FIRST_PAUSE_MS * PAUSE_GROWTH ** (round - 1) * (0.5 + random() / 2);
        if (deadline.remainingMs() < pauseMs + LEAST_TIME_MS) break;
        await pause(pauseMs);
        refused = await offer(refused.entries, deadline);
      }
      if (refused !== undefined) throw notTaken(refused, events.length);
    },
  };

  async function offer(
    entries: readonly Entry[],
    deadline: Deadline,
  ): Promise<Refused | undefined> {
    const refusals: Refused[] = [];
    for (const parcel of packEntries(entries)) {
      const isInTime = deadline.remainingMs() >= LEAST_TIME_MS;
      const refused = isInTime
        ? await putEntries(client, parcel)
        : { entries: parcel, reason: 'no-time-left' };
      if (refused !== undefined) refusals.push(refused);
    }
    const last = refusals.at(-1);
    return last && { ...last, entries: refusals.flatMap((refused) => refused.entries) };
  }
}

function notTaken({ entries, reason, cause }: Refused, total: number): PublishFailedError {
  return new PublishFailedError(
    `EventBridge did not take ${entries.length} of ${total} events: ${reason}.`,
    { cause },
  );
}
