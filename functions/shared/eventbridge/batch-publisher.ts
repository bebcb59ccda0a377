import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Deadline } from '../clock.ts';
import { PublishFailedError } from '../errors.ts';
import type { OutcomeEvent } from '../grants/ports.ts';
import { errorField } from '../log.ts';
import { toldMessage } from '../told-error.ts';
import { eventToEntry, type Entry } from './entry.ts';
import { CALL_TIMEOUT_MS, packEntries, putEntries, together, type Refused } from './put-entries.ts';

/** A call that begins later could outlive the invocation. */
const LEAST_TIME_MS = CALL_TIMEOUT_MS + 1_000;

const MAX_ROUNDS = 4;
const FIRST_PAUSE_MS = 200;
const PAUSE_GROWTH = 3;

/** Puts many events on the bus. */
export interface BatchPublisher {
  /**
   * Publishes all events; what the bus refuses is offered again, four times in all, within the
   * deadline. One that `events/` does not promise costs its neighbours nothing.
   *
   * @throws {@link PublishFailedError} the bus has not all of them. Which ones it took is not told:
   *   whoever publishes again publishes all again.
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
      const { entries, faults } = toEntries(events, busName);
      let refused = await offer(entries, deadline);
      for (let round = 1; round < MAX_ROUNDS && refused !== undefined; round++) {
        const pauseMs = FIRST_PAUSE_MS * PAUSE_GROWTH ** (round - 1) * (0.5 + random() / 2);
        if (deadline.remainingMs() < pauseMs + LEAST_TIME_MS) break;
        await pause(pauseMs);
        refused = await offer(refused.entries, deadline);
      }
      if (refused !== undefined) throw notTaken(refused, events.length);
      const [fault, ...others] = faults;
      if (fault !== undefined) throw notOffered([fault, ...others], events.length);
    },
  };

  async function offer(
    entries: readonly Entry[],
    deadline: Deadline,
  ): Promise<Refused | undefined> {
    const refusals: (Refused | undefined)[] = [];
    for (const parcel of packEntries(entries)) {
      const isInTime = deadline.remainingMs() >= LEAST_TIME_MS;
      const late = { entries: parcel, reason: 'no-time-left' };
      refusals.push(isInTime ? await putEntries(client, parcel) : late);
    }
    return together(refusals);
  }
}

interface Entries {
  readonly entries: readonly Entry[];
  /** Why the others are none. */
  readonly faults: readonly Error[];
}

function toEntries(events: readonly OutcomeEvent[], busName: string): Entries {
  const entries: Entry[] = [];
  const faults: Error[] = [];
  for (const event of events) {
    try {
      entries.push(eventToEntry(event, busName));
    } catch (fault) {
      faults.push(errorField(fault).error);
    }
  }
  return { entries, faults };
}

function notOffered(faults: readonly [Error, ...Error[]], total: number): PublishFailedError {
  const [cause] = faults;
  return new PublishFailedError(
    `${faults.length} of ${total} events were not offered: ${toldMessage(cause)}`,
    { cause },
  );
}

function notTaken({ entries, reason, cause }: Refused, total: number): PublishFailedError {
  return new PublishFailedError(
    `EventBridge did not take ${entries.length} of ${total} events: ${reason}.`,
    { cause },
  );
}
