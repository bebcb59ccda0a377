import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import pg from 'pg';
import { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import { TokenIssued } from '#events/token-issued.ts';
import { cafe24Control } from '#test/support/cafe24-provider/control.ts';
import type { StackOutputs } from '../outputs.ts';
import { showClaroshopToken } from './claroshop-demonstration.ts';
import { localClients, type LocalClients } from './clients.ts';
import { observeEvents, type EventObserver } from './event-observer.ts';
import { eventually } from './eventually.ts';
import { readFunctionLog } from './function-log.ts';
import type { LocalAws } from './local-aws.ts';
import { DEMO_MALL } from './local-malls.ts';
import { masked, type Journey } from './journey.ts';
import { showEach } from './demonstration-steps.ts';
import { showSlaError } from './sla-demonstration.ts';

/** Where it plays. */
export interface Stage {
  readonly localAws: LocalAws;
  readonly stack: StackOutputs;
  readonly clients: LocalClients;
  readonly observer: EventObserver;
}

/**
 * Publishes as a user would and tells each message's way. A message that did not arrive where it should
 * have within 30 s is told so, and the others are shown.
 *
 * @returns whether all arrived.
 */
export async function demonstrate(
  localAws: LocalAws,
  stack: StackOutputs,
  tell: (title: string) => Journey,
): Promise<boolean> {
  const clients = localClients(localAws);
  const observer = await observeEvents(clients, stack.busName);
  const stage = { localAws, stack, clients, observer };
  try {
    return await showEach(
      [
        {
          title: 'An authorization code becomes a token',
          show: (journey) => showToken(stage, journey),
        },
        {
          title: 'A message that can never succeed is kept, with the reason',
          show: (journey) => showDeadLetter(stage, journey),
        },
        {
          title: "ClaroShop's tokens are brought to Parameter Store",
          show: (journey) => showClaroshopToken(stage, journey),
        },
        {
          title: 'A file that is stuck is reported over HTTP, and found',
          show: (journey) => showSlaError(stage, journey),
        },
      ],
      tell,
    );
  } finally {
    await observer.stop();
  }
}

async function showToken(stage: Stage, journey: Journey): Promise<void> {
  const { localAws, stack, clients, observer } = stage;
  const code = await cafe24Control(localAws.cafe24.controlUrl).issueCode(DEMO_MALL);
  const since = new Date();
  const eventId = await publish(stage, { mallId: DEMO_MALL, code });
  journey.stop('event', `AuthorizationCodeArrived of ${DEMO_MALL}, code ${masked(code)}`, since);

  const line = await eventually(async () => {
    const { functionName } = stack.exchangeCafe24Code;
    const lines = await readFunctionLog(clients, functionName, since);
    return lines.find((it) => it['correlationId'] === eventId && it['outcome'] !== undefined);
  }, 'log line of exchange-cafe24-code');
  const issued = await observer.waitFor(
    (event) =>
      event['detail-type'] === TokenIssued.detailType && event.detail['mallId'] === DEMO_MALL,
    'TokenIssued',
  );
  const attempt = await readAttempt(localAws, String(issued.detail['attemptId']));
  journey.stop('queue', `message ${String(line['messageId'])}`, attempt.started_at);
  journey.stop('function', `exchange-cafe24-code: ${String(line['outcome'])}`, attempt.finished_at);
  journey.stop(
    'row',
    `cafe24.oauth_tokens: version ${attempt.version}, access_token ${masked(attempt.access_token)}, ` +
      `refresh_token ${masked(attempt.refresh_token)}, expires ${attempt.expires_at.toISOString()}`,
    attempt.finished_at,
  );
  journey.stop(
    'event',
    `TokenIssued, version ${String(issued.detail['version'])}`,
    attempt.published_at,
  );
}

async function showDeadLetter(stage: Stage, journey: Journey): Promise<void> {
  const { stack, clients } = stage;
  const since = new Date();
  await publish(stage, { mallId: DEMO_MALL });
  journey.stop('event', 'AuthorizationCodeArrived without a code', since);

  const queueUrl = stack.exchangeCafe24Code.deadLetterQueueUrl;
  const letter = await eventually(async () => {
    const { Messages: messages } = await clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: 1,
      }),
    );
    return messages?.[0];
  }, 'dead letter');
  const attribute = (name: string) => letter.MessageAttributes?.[name]?.StringValue ?? '';
  const { functionName } = stack.exchangeCafe24Code;
  journey.stop(
    'dead letter',
    `${functionName}-dlq: ${attribute('Reason')} (${attribute('ErrorMessage')})`,
    new Date(attribute('RejectedAt')),
  );
  const { ReceiptHandle } = letter;
  await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
}

/** @returns the id that EventBridge gave the event. */
async function publish({ clients, stack }: Stage, detail: object): Promise<string> {
  const { Entries: entries } = await clients.events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: stack.busName,
          Source: 'demonstration',
          DetailType: AuthorizationCodeArrived.detailType,
          Detail: JSON.stringify(detail),
        },
      ],
    }),
  );
  const eventId = entries?.[0]?.EventId;
  if (eventId === undefined) throw new Error('EventBridge did not take the event.');
  return eventId;
}

interface AttemptRow {
  readonly started_at: Date;
  readonly finished_at: Date;
  readonly published_at: Date;
  readonly version: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_at: Date;
}

async function readAttempt({ postgres }: LocalAws, attemptId: string): Promise<AttemptRow> {
  const client = new pg.Client(postgres);
  await client.connect();
  try {
    return await eventually(async () => {
      const { rows } = await client.query<AttemptRow>(
        `select started_at, finished_at, published_at, token.version, access_token, refresh_token,
                expires_at
           from cafe24.token_attempts join cafe24.oauth_tokens token using (mall_id)
          where attempt_id = $1 and published_at is not null`,
        [attemptId],
      );
      return rows[0];
    }, `attempt ${attemptId}`);
  } finally {
    await client.end();
  }
}
