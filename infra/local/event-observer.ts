import { randomUUID } from 'node:crypto';
import {
  DeleteRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { SlaErrorsRecorded } from '#events/sla-errors-recorded.ts';
import type { LocalClients } from './clients.ts';
import { eventually } from './eventually.ts';

const ObservedEvent = z.object({
  id: z.string(),
  'detail-type': z.string(),
  source: z.string(),
  time: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type ObservedEvent = z.infer<typeof ObservedEvent>;

export type EventMatch = (event: ObservedEvent) => boolean;

/**
 * Sees every event that passes over a bus from its start on. It waits, whatever it is asked: its queue
 * knows nothing yet of an event that another queue, a row or an answer tells of already.
 */
export interface EventObserver {
  /** @throws Error no event that `matches` came in time. */
  waitFor(matches: EventMatch, what: string): Promise<ObservedEvent>;
  /**
   * Waits until `atLeast` events that match have come.
   *
   * @returns all that match and were put on the bus before that, as `untilNow`: there may be more.
   * @throws Error fewer came in time.
   */
  waitForAll(
    matches: EventMatch,
    expected: { readonly atLeast: number; readonly what: string },
  ): Promise<readonly ObservedEvent[]>;
  /**
   * What matches of all that was put on the bus before this call, in the order of arrival, each event
   * once. That something is not among it shows that it was not published, once the one who would have
   * published it has ended.
   */
  untilNow(matches: EventMatch): Promise<readonly ObservedEvent[]>;
  stop(): Promise<void>;
}

/** Who puts our markers on the bus. They are of a kind that no consumer waits for, but that is known. */
const MARKER = 'tokenline-event-observer';
/**
 * So many markers follow one another, each put when the one before has come. LocalStack brings each
 * event on its way in a thread of its own (`_process_rules_async` in 4.14, read 2026-11): one marker
 * may overtake the event before it, two whole ways one after the other do not.
 */
const MARKERS = 2;

/** A rule of its own on the bus, with a queue that is read until `stop`. */
export async function observeEvents(
  clients: LocalClients,
  busName: string,
): Promise<EventObserver> {
  const { queueUrl, cancel } = await subscribe(clients, busName);
  const byId = new Map<string, ObservedEvent>();
  const seen = (matches: EventMatch) =>
    [...byId.values()].filter((event) => event.source !== MARKER && matches(event));
  const stopping = new AbortController();
  const reading = readUntil(stopping.signal, async () => {
    for (const event of await receive(clients.sqs, queueUrl)) byId.set(event.id, event);
  });
  const untilNow: EventObserver['untilNow'] = async (matches) => {
    for (let count = 0; count < MARKERS; count++) {
      const id = await putMarker(clients.events, busName);
      await eventually(() => Promise.resolve(byId.get(id)), 'the marker behind all events');
    }
    return seen(matches);
  };
  return {
    waitFor: (matches, what) =>
      eventually(() => Promise.resolve(seen(matches)[0]), `event: ${what}`),
    waitForAll: async (matches, { atLeast, what }) => {
      const hasCome = () => Promise.resolve(seen(matches).length >= atLeast || undefined);
      await eventually(hasCome, `${String(atLeast)} events: ${what}`);
      return untilNow(matches);
    },
    untilNow,
    stop: async () => {
      stopping.abort();
      await reading;
      await cancel();
    },
  };
}

/** What has been made for an observer, and what removes it. */
interface Subscription {
  readonly queueUrl: string;
  readonly cancel: () => Promise<void>;
}

async function subscribe(
  { events, sqs }: LocalClients,
  EventBusName: string,
): Promise<Subscription> {
  const name = `observer-${randomUUID().slice(0, 8)}`;
  const { QueueUrl: queueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const EventPattern = JSON.stringify({ 'detail-type': [{ exists: true }] });
  const rule = { EventBusName, Name: name };
  const { RuleArn = '' } = await events.send(new PutRuleCommand({ ...rule, EventPattern }));
  const Arn = RuleArn.replace(':events:', ':sqs:').replace(/:rule\/.*/, `:${name}`);
  const Targets = [{ Id: 'queue', Arn }];
  await events.send(new PutTargetsCommand({ EventBusName, Rule: name, Targets }));
  return {
    queueUrl,
    cancel: async () => {
      await events.send(new RemoveTargetsCommand({ EventBusName, Rule: name, Ids: ['queue'] }));
      await events.send(new DeleteRuleCommand(rule));
      await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
    },
  };
}

/** @returns its id. */
async function putMarker(events: LocalClients['events'], busName: string): Promise<string> {
  const { Entries: entries } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: busName,
          Source: MARKER,
          DetailType: SlaErrorsRecorded.detailType,
          Detail: '{}',
        },
      ],
    }),
  );
  return entries?.[0]?.EventId ?? '';
}

async function readUntil(signal: AbortSignal, read: () => Promise<void>): Promise<void> {
  while (!signal.aborted) await read();
}

async function receive(sqs: LocalClients['sqs'], queueUrl: string): Promise<ObservedEvent[]> {
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
  );
  if (messages.length > 0) {
    const entries = messages.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  }
  return messages.map(messageToEvent);
}

function messageToEvent({ Body = '' }: Message): ObservedEvent {
  return ObservedEvent.parse(JSON.parse(Body));
}
