import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { z } from 'zod';
import { EVENTS } from '../events/index.ts';
import { firstOf } from '../events/problems.ts';
import { EventNotPublishedError, InvalidEventError } from './errors.ts';

type Definition = (typeof EVENTS)[number];

/** Wire name of an event, its `detail-type`. */
export type EventName = Definition['detailType'];

/** What a publisher writes into the `detail` of the event `Name`. */
export type EventDetail<Name extends EventName> = z.input<
  Extract<Definition, { readonly detailType: Name }>['schema']
>;

export interface EventPublisher {
  /**
   * Puts one event on the bus, after it was checked against its contract. What the contract does
   * not name is left out, and so is what only describes and can't be read (`metadata`, …): it costs
   * no event.
   *
   * @throws {@link InvalidEventError} nothing was sent.
   * @throws {@link EventNotPublishedError} the bus refused it or could not be reached.
   */
  publish<Name extends EventName>(detailType: Name, detail: EventDetail<Name>): Promise<void>;
}

export interface EventPublisherOptions {
  /** With the time-outs and tries that suit the application; may call `events:PutEvents`. */
  readonly client: Pick<EventBridgeClient, 'send'>;
  readonly busName: string;
  /** Who publishes, e.g. `orders`: EventBridge's `source`. */
  readonly source: string;
}

export function eventPublisher({ client, busName, source }: EventPublisherOptions): EventPublisher {
  return {
    async publish(detailType, detail) {
      const entry = {
        EventBusName: busName,
        Source: source,
        DetailType: detailType,
        Detail: JSON.stringify(checked(detailType, detail)),
      };
      const answer = await client
        .send(new PutEventsCommand({ Entries: [entry] }))
        .catch((cause: unknown) => {
          throw new EventNotPublishedError('EventBridge can not be reached.', { cause });
        });
      // PutEvents answers 200 also when it took nothing; only an event id says that it took it.
      const [result] = answer.Entries ?? [];
      if (result?.EventId !== undefined) return;
      const code = result?.ErrorCode ?? 'no answer for the entry';
      throw new EventNotPublishedError(`EventBridge did not take ${detailType}: ${code}.`);
    },
  };
}

function checked(detailType: EventName, detail: unknown): object {
  const definition = EVENTS.find((event) => event.detailType === detailType);
  if (definition === undefined) throw new InvalidEventError(`${detailType} is no event.`);
  const result = definition.schema.safeParse(detail);
  if (result.success) return result.data;
  const { first, further } = firstOf(result.error.issues);
  const problems = first.map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (further > 0) problems.push(`and ${String(further)} further problems`);
  throw new InvalidEventError(`${detailType} is not valid. ${problems.join('; ')}`);
}
