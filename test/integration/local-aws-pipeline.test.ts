import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { expect, inject, test } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';

/** Sends what it got on, with what it runs on. No SDK: LocalStack only reads the scope of a signature. */
const handler = `
  const authorization = 'AWS4-HMAC-SHA256 Credential=test/20260101/' + process.env.AWS_REGION +
    '/sqs/aws4_request, SignedHeaders=host, Signature=none';
  exports.handler = async ({ Records }) => {
    for (const { body } of Records) {
      const answer = { body, node: process.versions.node, endpoint: process.env.AWS_ENDPOINT_URL };
      const parameters = { Action: 'SendMessage', MessageBody: JSON.stringify(answer) };
      const request = { method: 'POST', headers: { authorization }, body: new URLSearchParams(parameters) };
      const response = await fetch(process.env.ANSWERS, request);
      if (!response.ok) throw new Error(await response.text());
    }
  };`;

const { endpointUrl, region, accountId } = inject('localAws');
const connection = {
  endpoint: endpointUrl,
  region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};
const sqs = new SQSClient(connection);
const events = new EventBridgeClient(connection);
const lambda = new LambdaClient(connection);
const name = `local-aws-test-${Date.now()}`;
const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

test('an event reaches a function on Node 22 through bus, rule and queue, its detail untouched', async () => {
  const answers = await deploy();
  const Detail = '{"b":1, "a":"ä"}';

  await events.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: name, Source: 'test', DetailType: 'Tested', Detail }],
    }),
  );

  const body = await eventually(async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: answers, WaitTimeSeconds: 1 }),
    );
    return Messages[0]?.Body;
  }, 'an answer of the function');
  const answer = JSON.parse(body) as Record<string, string>;
  expect(JSON.parse(answer['body'] ?? '')).toEqual({ b: 1, a: 'ä' });
  expect(answer['node']).toMatch(/^22\./);
  expect(answer['endpoint']).toBe(endpointUrl);
}, 60_000);

/** @returns the URL of the queue that the function answers to. */
async function deploy(): Promise<string> {
  await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: `${name}-answers` }),
  );
  expect(QueueUrl).toBe(`${endpointUrl}/${accountId}/${name}-answers`);
  await events.send(new CreateEventBusCommand({ Name: name }));
  const EventPattern = JSON.stringify({ 'detail-type': ['Tested'] });
  await events.send(new PutRuleCommand({ Name: name, EventBusName: name, EventPattern }));
  const target = { Id: 'queue', Arn: arn('sqs', name), InputPath: '$.detail' };
  await events.send(new PutTargetsCommand({ Rule: name, EventBusName: name, Targets: [target] }));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Role: arn('iam', 'role/any').replace(`:${region}:`, '::'),
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.js': strToU8(handler) }) },
      Environment: { Variables: { ANSWERS: QueueUrl } },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: name });
  const mapping = { FunctionName: name, EventSourceArn: arn('sqs', name), BatchSize: 10 };
  await lambda.send(new CreateEventSourceMappingCommand(mapping));
  return QueueUrl;
}
