import path from 'node:path';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { localClients } from '#infra/local/clients.ts';
import { eventually } from '#infra/local/eventually.ts';
import type { LocalAws } from '#infra/local/local-aws.ts';
import { peek } from './e2e.ts';

export interface ParcelQueueOptions {
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly maxReceiveCount: number;
  readonly timeToStartMs?: number;
  /** Rejections go to a queue that is not there. */
  readonly breakRejections?: boolean;
}

export interface ParcelQueue {
  /** All in one batch of the queue. */
  send(deeds: Readonly<Record<string, string>>): Promise<void>;
  /** Waits until these parcels were delivered at least once. */
  delivered(parcelIds: readonly string[], withinMs?: number): Promise<void>;
  /** Waits until the DLQ holds so many. */
  deadLetters(count: number, withinMs?: number): Promise<readonly Message[]>;
  /** Messages that are waiting or hidden. */
  remaining(): Promise<number>;
  /** No function is called any more. */
  stop(): Promise<void>;
}

/** A worker on LocalStack whose records say what they do, with its queue and its DLQ. */
export async function deployParcelQueue(
  localAws: LocalAws,
  options: ParcelQueueOptions,
): Promise<ParcelQueue> {
  const { endpointUrl: endpoint, region, accountId } = localAws;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const lambda = new LambdaClient({ endpoint, region, credentials });
  const clients = localClients(localAws);
  const { sqs } = clients;
  const name = `${options.name}-${String(Date.now())}`;
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const createQueue = async (QueueName: string, Attributes: Record<string, string> = {}) =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';

  const answers = await createQueue(`${name}-answers`);
  const deadLetterQueueUrl = await createQueue(`${name}-dlq`);
  const queueUrl = await createQueue(name, {
    VisibilityTimeout: String(options.timeoutSeconds),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: arn('sqs', `${name}-dlq`),
      maxReceiveCount: options.maxReceiveCount,
    }),
  });
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Role: `arn:aws:iam::${accountId}:role/any`,
      Handler: 'index.handler',
      Timeout: options.timeoutSeconds,
      Code: { ZipFile: await bundle() },
      Environment: {
        Variables: {
          QUEUE_URL: queueUrl,
          DEAD_LETTER_QUEUE_URL: options.breakRejections
            ? `${endpoint}/${accountId}/nowhere`
            : deadLetterQueueUrl,
          ANSWERS: answers,
          TIME_TO_START_MS: String(options.timeToStartMs ?? 0),
        },
      },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: name });
  const { UUID } = await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: name,
      EventSourceArn: arn('sqs', name),
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    }),
  );

  const seen = new Set<string>();
  const letters = new Map<string, Message>();
  return {
    send: async (deeds) => {
      const Entries = Object.entries(deeds).map(([parcelId, deed], at) => ({
        Id: String(at),
        MessageBody: JSON.stringify({ parcelId, deed }),
      }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    },
    delivered: async (parcelIds, withinMs) => {
      await eventually(
        async () => {
          for (const { Body = '' } of await peek(clients, answers)) seen.add(Body);
          return parcelIds.every((it) => seen.has(it)) ? true : undefined;
        },
        `deliveries of ${parcelIds.join(', ')}`,
        withinMs,
      );
    },
    deadLetters: (count, withinMs) =>
      eventually(
        async () => {
          for (const letter of await peek(clients, deadLetterQueueUrl)) {
            letters.set(letter.MessageId ?? '', letter);
          }
          return letters.size >= count ? [...letters.values()] : undefined;
        },
        `${String(count)} dead letters`,
        withinMs,
      ),
    remaining: async () => {
      const { Attributes: counts = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
      );
      return (
        Number(counts.ApproximateNumberOfMessages) +
        Number(counts.ApproximateNumberOfMessagesNotVisible)
      );
    },
    stop: async () => {
      await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
      lambda.destroy();
    },
  };
}

async function bundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, 'parcel-function.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    logLevel: 'warning',
  });
  return zipSync({ 'index.js': strToU8(outputFiles[0]?.text ?? '') });
}
