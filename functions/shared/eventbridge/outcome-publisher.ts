import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { EVENTS } from '#events/index.ts';
import { PublishFailedError } from '../errors.ts';
import type { OutcomeEvent } from '../grants/ports.ts';
import type { OutcomePublisher } from '../grants/publish-outcome.ts';

const SOURCE = 'tokenline';

/** Puts outcomes on the bus `busName`, with source `tokenline`. */
export function eventBridgeOutcomes(client: EventBridgeClient, busName: string): OutcomePublisher {
  return {
    async publish(event) {
      const detail = checked(event);
      const entry = {
        EventBusName: busName,
        Source: SOURCE,
        DetailType: event.detailType,
        Detail: JSON.stringify(detail),
      };
      const answer = await client.send(new PutEventsCommand({ Entries: [entry] })).catch(notTaken);
      // PutEvents answers 200 also when it took nothing (EventBridge API reference, read 2026-11).
      if (answer.FailedEntryCount === 0) return;
      const code = answer.Entries?.[0]?.ErrorCode ?? 'no answer for the entry';
      throw new PublishFailedError(`EventBridge did not take ${event.detailType}: ${code}.`);
    },
  };
}

/** What leaves us is what `events/` promises: a wrong one is a bug, and must not reach consumers. */
function checked({ detailType, detail }: OutcomeEvent): object {
  const definition = EVENTS.find((event) => event.detailType === detailType);
  if (definition === undefined) throw new Error(`${detailType} is no event of tokenline.`);
  return definition.schema.parse(detail);
}

function notTaken(cause: unknown): never {
  throw new PublishFailedError('EventBridge can not be reached.', { cause });
}
