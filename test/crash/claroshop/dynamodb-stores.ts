import {
  BatchWriteItemCommand,
  QueryCommand,
  ScanCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import type { Clock } from '#shared/clock.ts';
import { itemToAttempt } from '#shared/dynamodb/attempt-items.ts';
import { dynamoDbEscrow } from '#shared/dynamodb/escrow.ts';
import { dynamoDbAttempts } from '#shared/dynamodb/grant-attempts.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { createAttemptsTable } from '#test/support/claroshop/attempts-table.ts';
import { createEscrowTable } from '#test/support/claroshop/escrow-table.ts';
import { localDynamoDb } from '#test/support/sla-table.ts';
import type { Line } from '../line.ts';
import type { Place } from '../skies.ts';
import { toKebab } from './stepped-port.ts';
import type { CrashStores, Ended, ReachedStores } from './stores.ts';
import { watchedPort } from './watched-port.ts';

/** Of a client that talks to its own machine. */
const TRIES_PER_CALL = 3;
const MOST_DELETES_PER_CALL = 25;

interface Way {
  readonly attempts: DynamoDBClient;
  readonly escrow: DynamoDBClient;
  readonly clock: Clock;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly random: () => number;
}

/** The real adapters on a DynamoDB Local, in tables of their own; each of their requests is a step. */
export async function dynamoDbStores(
  endpoint: string,
): Promise<CrashStores & { readonly drop: () => Promise<unknown> }> {
  const client = localDynamoDb(endpoint, TRIES_PER_CALL);
  const attemptsTable = await createAttemptsTable(client);
  const escrowTable = await createEscrowTable(client);
  const stores = ({ attempts, escrow, ...means }: Way): ReachedStores => ({
    attemptsOf: (subject) =>
      dynamoDbAttempts(subject, {
        ...{ tableName: attemptsTable.tableName, client: attempts },
        ...means,
      }),
    escrow: dynamoDbEscrow(escrow, {
      name: escrowTable.tableName,
      provider: 'claroshop',
      grant: ClaroshopGrant,
    }),
  });
  const pause = () => Promise.resolve();
  const direct = { attempts: client, escrow: client, pause, random: Math.random };
  return {
    through: (line, clock, watch) => {
      const attempts = new SteppedClient(client, line, 'attempts');
      const escrow = new SteppedClient(client, line, 'escrow');
      const way = { attempts: attempts.client, escrow: escrow.client, clock };
      const { random } = line.process;
      const reached = stores({ ...way, pause: (ms) => line.turn(ms), random: () => random.next() });
      return {
        attemptsOf: (subject) =>
          watchedPort(reached.attemptsOf(subject), {
            onCall: (method) => (attempts.method = toKebab(method)),
            onDone: watch.attempts,
          }),
        escrow: watchedPort(reached.escrow, {
          onCall: (method) => (escrow.method = `escrow-${method}`),
          onDone: watch.escrow,
        }),
      };
    },
    directly: (clock) => stores({ ...direct, clock }),
    ended: (subject) => endedOf(client, attemptsTable.tableName, subject),
    clear: async () => {
      await empty(client, attemptsTable.tableName, ['subject', 'item']);
      await empty(client, escrowTable.tableName, ['provider', 'attemptId']);
    },
    drop: () => Promise.all([attemptsTable.drop(), escrowTable.drop()]),
  };
}

/**
 * A client each of whose requests is a step, named after the port's method and the request. Requests
 * that are made at once follow one another: a line has one turn at a time.
 */
class SteppedClient {
  method = '';
  #last: Promise<unknown> = Promise.resolve();
  readonly client: DynamoDBClient;

  constructor(real: DynamoDBClient, line: Line, place: Place) {
    const step = (command: object, options: readonly unknown[]) =>
      line.call({
        name: `${this.method}:${command.constructor.name.replace('Command', '')}`,
        place,
        perform: () => sendTo(real)(command, ...options),
      });
    const send = (command: object, ...options: unknown[]) => {
      const sent = this.#last.then(() => step(command, options));
      this.#last = sent.catch(() => undefined);
      return sent;
    };
    this.client = new Proxy(real, {
      get: (_, property): unknown =>
        property === 'send' ? send : Reflect.get(real, property, real),
    });
  }
}

/** The client's overloads as one function. */
function sendTo(client: DynamoDBClient) {
  return client.send.bind(client) as unknown as (...args: unknown[]) => Promise<unknown>;
}

async function endedOf(
  client: DynamoDBClient,
  TableName: string,
  subject: string,
): Promise<readonly Ended[]> {
  const query = new QueryCommand({
    TableName,
    KeyConditionExpression: '#subject = :subject AND begins_with(#item, :attempt)',
    ExpressionAttributeNames: { '#subject': 'subject', '#item': 'item' },
    ExpressionAttributeValues: { ':subject': { S: subject }, ':attempt': { S: 'attempt#' } },
    ConsistentRead: true,
  });
  const { Items = [] } = await client.send(query);
  return Items.map(itemToAttempt).map(({ attemptId, outcome, event }) => ({
    ...{ attemptId, outcome },
    event: event === undefined ? undefined : (JSON.parse(event) as OutcomeEvent),
  }));
}

async function empty(
  client: DynamoDBClient,
  TableName: string,
  keys: readonly string[],
): Promise<void> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  const deletes = Items.map((item) => ({ DeleteRequest: { Key: keyOf(item, keys) } }));
  for (let from = 0; from < deletes.length; from += MOST_DELETES_PER_CALL) {
    const some = deletes.slice(from, from + MOST_DELETES_PER_CALL);
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: some } }));
  }
}

function keyOf(item: Record<string, AttributeValue>, keys: readonly string[]) {
  return Object.fromEntries(keys.map((key) => [key, item[key]!]));
}
