import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import pg from 'pg';
import { inject } from 'vitest';
import { localClients, type LocalClients } from '#infra/local/clients.ts';
import { observeEvents, type EventObserver } from '#infra/local/event-observer.ts';
import { eventually } from '#infra/local/eventually.ts';
import { cafe24Control, type Cafe24Control } from './cafe24-provider/control.ts';

/** The deployed stack as its users see it, for malls that belong to one story. */
export interface Story {
  readonly clients: LocalClients;
  readonly cafe24: Cafe24Control;
  readonly observer: EventObserver;
  readonly queueUrl: string;
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** @param time of the envelope, as a publisher may state it. */
  publish(detail: object, time?: Date): Promise<string>;
  publishAs(detailType: string, detail: object): Promise<string>;
  send(...bodies: string[]): Promise<string[]>;
  /** @param bodies 10 at most. */
  sendTo(queueUrl: string, ...bodies: string[]): Promise<string[]>;
  /**
   * Waits until what was put on the bus before this call has reached its queues and nothing is waiting,
   * hidden or in work there; 90 s (or `withinMs`).
   */
  isEmpty(queueUrl: string, withinMs?: number): Promise<true>;
  row(mallId: string): Promise<Record<string, unknown> | undefined>;
  /** A dead letter, of exchange-cafe24-code unless told otherwise. It stays in the queue. */
  deadLetter(matches: (message: Message) => boolean, queueUrl?: string): Promise<Message>;
  end(): Promise<void>;
}

/** Of a queue in which what other stories send stands before ours: 100 codes, 5,000 files. */
export const SHARED_QUEUE_WITHIN_MS = 90_000;

/** Children first. */
const TABLES = ['token_attempts', 'oauth_authorization_codes', 'oauth_tokens', 'refresh_schedule'];

/**
 * Begins a story: what earlier runs left of its malls is gone.
 *
 * @throws Error one of the malls belongs to a story that plays now: each would find what is the other's.
 */
export async function beginStory(...malls: readonly string[]): Promise<Story> {
  const localAws = inject('localAws');
  const stack = inject('stack');
  const clients = localClients(localAws);
  const pool = new pg.Pool({ ...localAws.postgres, max: 2 });
  const sql: Story['sql'] = async (text, values = []) =>
    (await pool.query<Record<string, unknown>>(text, [...values])).rows;
  const cafe24 = cafe24Control(localAws.cafe24.controlUrl);
  const release = await claim(malls);
  for (const table of TABLES) {
    await sql(`delete from cafe24.${table} where mall_id = any($1)`, [malls]);
  }
  await Promise.all(malls.map((mallId) => cafe24.reset(mallId)));
  const observer = await observeEvents(clients, stack.busName);
  const { queueUrl, deadLetterQueueUrl } = stack.exchangeCafe24Code;
  const letters = new Map<string, Message>();
  return {
    clients,
    cafe24,
    observer,
    queueUrl,
    sql,
    publish: (detail, time) =>
      putEvent(clients, {
        EventBusName: stack.busName,
        Detail: JSON.stringify(detail),
        Time: time,
      }),
    publishAs: (DetailType, detail) =>
      putEvent(clients, {
        EventBusName: stack.busName,
        DetailType,
        Detail: JSON.stringify(detail),
        Time: undefined,
      }),
    send: (...bodies) => sendMessages(clients, queueUrl, bodies),
    sendTo: (url, ...bodies) => sendMessages(clients, url, bodies),
    isEmpty: (url, withinMs) => isWorkedOff({ clients, observer }, url, withinMs),
    row: async (mallId) =>
      (await sql('select * from cafe24.oauth_tokens where mall_id = $1', [mallId]))[0],
    deadLetter: (matches, url = deadLetterQueueUrl) =>
      eventually(
        async () => {
          for (const letter of await peek(clients, url)) {
            letters.set(letter.MessageId ?? '', letter);
          }
          return [...letters.values()].find(matches);
        },
        'dead letter',
        SHARED_QUEUE_WITHIN_MS,
      ),
    end: async () => {
      await Promise.all([observer.stop(), pool.end(), release()]);
    },
  };
}

/** Takes the malls for as long as a connection of our own is open. @returns what gives them back. */
async function claim(malls: readonly string[]): Promise<() => Promise<void>> {
  const client = new pg.Client(inject('localAws').postgres);
  await client.connect();
  const { rows } = await client.query<{ mall_id: string }>(
    `select mall_id from unnest($1::text[]) mall_id
      where not pg_try_advisory_lock(hashtextextended('story of ' || mall_id, 0))`,
    [malls],
  );
  if (rows.length > 0) {
    await client.end();
    throw new Error(`Malls of another story: ${rows.map((row) => row.mall_id).join(', ')}.`);
  }
  return () => client.end();
}

interface Entry {
  readonly EventBusName: string;
  readonly Detail: string;
  readonly Time: Date | undefined;
  readonly DetailType?: string;
}

/** @returns the event's id. */
export async function putEvent({ events }: LocalClients, entry: Entry): Promise<string> {
  const { Entries: entries } = await events.send(
    new PutEventsCommand({
      Entries: [{ Source: 'e2e', DetailType: 'AuthorizationCodeArrived', ...entry }],
    }),
  );
  return entries?.[0]?.EventId ?? '';
}

async function sendMessages({ sqs }: LocalClients, queueUrl: string, bodies: readonly string[]) {
  if (bodies.length === 1) {
    const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: bodies[0] });
    return [(await sqs.send(command)).MessageId ?? ''];
  }
  const entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  const { Successful: sent = [] } = await sqs.send(
    new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
  );
  return entries.map(({ Id }) => sent.find((it) => it.Id === Id)?.MessageId ?? '');
}

/**
 * Waits until what was put on the bus before has come into the queue, and has left it. An observer's rule
 * is younger than the product's: what it has seen lies in their queues.
 */
export async function isWorkedOff(
  { clients, observer }: Pick<Story, 'clients' | 'observer'>,
  queueUrl: string,
  withinMs = SHARED_QUEUE_WITHIN_MS,
): Promise<true> {
  await observer.untilNow(() => true);
  let looks = 0;
  return eventually(
    async () => {
      looks = (await isEmpty(clients, queueUrl)) ? looks + 1 : 0;
      return looks >= EMPTY_LOOKS ? true : undefined;
    },
    `an empty queue ${queueUrl}`,
    withinMs,
  );
}

/** A message on its way from waiting to hidden is counted as neither, for a moment. */
const EMPTY_LOOKS = 2;

async function isEmpty({ sqs }: LocalClients, queueUrl: string): Promise<boolean> {
  const { Attributes: counts = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  const messages =
    Number(counts.ApproximateNumberOfMessages) +
    Number(counts.ApproximateNumberOfMessagesNotVisible) +
    Number(counts.ApproximateNumberOfMessagesDelayed);
  return messages === 0;
}

/** Looks without taking: what is seen is hidden for a second only. */
export async function peek({ sqs }: LocalClients, queueUrl: string): Promise<readonly Message[]> {
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 1,
      MessageAttributeNames: ['All'],
    }),
  );
  return messages;
}

export const attributesOf = (letter: Message): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(letter.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]),
  );
