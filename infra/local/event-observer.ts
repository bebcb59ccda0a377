import { randomUUID } from 'node:crypto';
import {
  DeleteRuleCommand,
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
import type { LocalClients } from './clients.ts';
import { eventually } from './eventually.ts';

const ObservedEvent = z.object({
  id: z.string(),
  'detail-type': z.string(),
  time: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type ObservedEvent = z.infer<typeof ObservedEvent>;

/** Sees every event that passes over a bus from its start on. */
export interface EventObserver {
  /** What has been seen so far, in the order of arrival. */
  seen(): readonly ObservedEvent[];
  /** @throws Error no event that `matches` came in time. */
  waitFor(matches: (event: ObservedEvent) => boolean, what: string): Promise<ObservedEvent>;
  stop(): Promise<void>;
}

/** A rule of its own on the bus, with a queue that is read until `stop`. */
export async function observeEvents(
  { events, sqs }: LocalClients,
  busName: string,
): Promise<EventObserver> {
  const name = `observer-${randomUUID().slice(0, 8)}`;
  const { QueueUrl: queueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const rule = { EventBusName: busName, Name: name };
  const everything = JSON.stringify({ 'detail-type': [{ exists: true }] });
  const { RuleArn = '' } = await events.send(
    new PutRuleCommand({ ...rule, EventPattern: everything }),
  );
  const arn = RuleArn.replace(':events:', ':sqs:').replace(/:rule\/.*/, `:${name}`);
  await events.send(
    new PutTargetsCommand({
      EventBusName: busName,
      Rule: name,
      Targets: [{ Id: 'queue', Arn: arn }],
    }),
  );

  const seen: ObservedEvent[] = [];
  const stopping = new AbortController();
  const reading = readUntil(stopping.signal, async () => {
    seen.push(...(await receive(sqs, queueUrl)));
  });
  return {
    seen: () => seen,
    waitFor: (matches, what) =>
      eventually(() => Promise.resolve(seen.find(matches)), `event: ${what}`),
    stop: async () => {
      stopping.abort();
      await reading;
      const target = { EventBusName: busName, Rule: name, Ids: ['queue'] };
      await events.send(new RemoveTargetsCommand(target));
      await events.send(new DeleteRuleCommand(rule));
      await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
    },
  };
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
