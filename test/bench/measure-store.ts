import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { breachToItem } from '#shared/dynamodb/sla-item.ts';
import { someBreach } from '#test/support/sla-breaches.ts';
import { createSlaTable, localDynamoDb } from '#test/support/sla-table.ts';

/** What a store takes of bare calls whose bodies were made before: no consumer can be faster. */
export const BARE_CALLS = {
  'bare calls of one': { filesACall: 1, atOnce: 50 },
  'bare calls of 25': { filesACall: 25, atOnce: 8 },
} as const;
export type BareCalls = keyof typeof BARE_CALLS;

export interface StoreMeasurement {
  readonly endpointUrl: string;
  readonly store: string;
  readonly way: BareCalls;
  readonly files: number;
}

export interface StoreFigures extends Omit<StoreMeasurement, 'endpointUrl'> {
  readonly calls: number;
  readonly filesPerSecond: number;
}

/** DynamoDB Local is slow until its Java has compiled what it runs. */
const WARM_UP_CALLS = 200;

export async function measureStore(measurement: StoreMeasurement): Promise<StoreFigures> {
  const { endpointUrl, ...what } = measurement;
  const client = localDynamoDb(endpointUrl);
  const table = await createSlaTable(client);
  const { filesACall, atOnce } = BARE_CALLS[what.way];
  const bodies = (calls: number) =>
    Array.from({ length: calls }, () => toBody(someItems(filesACall), table.tableName));
  const calls = Math.ceil(what.files / filesACall);
  const prepared = { warmUp: bodies(WARM_UP_CALLS), measured: bodies(calls) };
  await sendAll(endpointUrl, prepared.warmUp, atOnce);
  const beganMs = performance.now();
  await sendAll(endpointUrl, prepared.measured, atOnce);
  const seconds = (performance.now() - beganMs) / 1_000;
  await table.drop();
  client.destroy();
  return { ...what, calls, filesPerSecond: what.files / seconds };
}

type Items = readonly Readonly<Record<string, AttributeValue>>[];

function someItems(count: number): Items {
  return Array.from({ length: count }, () => {
    const breach = someBreach({ folder: 'C:\\transit\\in\\customer-0042\\invoices' });
    return breachToItem(breach, breach.reportedAt);
  });
}

interface Body {
  readonly target: string;
  readonly json: string;
}

function toBody(items: Items, TableName: string): Body {
  if (items.length === 1) {
    const ConditionExpression = 'attribute_not_exists(ErrorID)';
    const json = JSON.stringify({ TableName, Item: items[0], ConditionExpression });
    return { target: 'PutItem', json };
  }
  const Statements = items.map((item) => ({
    Statement: `INSERT INTO "${TableName}" VALUE {${Object.keys(item)
      .map((name) => `'${name}': ?`)
      .join(', ')}}`,
    Parameters: Object.values(item),
  }));
  return { target: 'BatchExecuteStatement', json: JSON.stringify({ Statements }) };
}

async function sendAll(endpointUrl: string, bodies: readonly Body[], atOnce: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const queue = bodies.values();
  const workOff = async () => {
    for (const body of queue) await send(endpointUrl, body, agent);
  };
  await Promise.all(Array.from({ length: atOnce }, workOff));
  agent.destroy();
}

async function send(endpointUrl: string, { target, json }: Body, agent: Agent): Promise<void> {
  const answer = await new Promise<string>((resolve, reject) => {
    const outgoing = request(endpointUrl, {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${target}`,
        // DynamoDB Local wants a signature and does not look at it.
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260101/ap-northeast-2/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
      },
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      text(response).then(resolve, reject);
    });
    outgoing.end(json);
  });
  if (/"__type"|"Error"/.test(answer)) throw new Error(`The store refused: ${answer}`);
}
