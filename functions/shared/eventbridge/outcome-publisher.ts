import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { PublishFailedError } from '../errors.ts';
import type { OutcomePublisher } from '../grants/publish-outcome.ts';
import { eventToEntry } from './entry.ts';

/** Puts outcomes on the bus `busName`, with source `tokenline`. */
export function eventBridgeOutcomes(client: EventBridgeClient, busName: string): OutcomePublisher {
  return {
    async publish(event) {
      const entry = eventToEntry(event, busName);
      const answer = await client.send(new PutEventsCommand({ Entries: [entry] })).catch(notTaken);
      // PutEvents answers 200 also when it took nothing (EventBridge API reference, read 2026-11).
      if (answer.FailedEntryCount === 0) return;
      const code = answer.Entries?.[0]?.ErrorCode ?? 'no answer for the entry';
      throw new PublishFailedError(`EventBridge did not take ${event.detailType}: ${code}.`);
    },
  };
}

function notTaken(cause: unknown): never {
  throw new PublishFailedError('EventBridge can not be reached.', { cause });
}
