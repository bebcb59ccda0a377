import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { awsClient } from '#shared/aws-client.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A service that says so much of its answer and then nothing more. */
async function serviceThat(answers: (response: ServerResponse) => void): Promise<string> {
  server = createServer((_request, response) => {
    answers(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** How a call ends that is tried once. */
async function errorOfCall(endpoint: string): Promise<unknown> {
  const Local = class extends DynamoDBClient {
    constructor(settings: object) {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      super({ endpoint, region: 'ap-northeast-2', credentials, ...settings });
    }
  };
  const get = new GetItemCommand({ TableName: 'a-table', Key: { id: { S: 'x' } } });
  return await awsClient(Local, 1)
    .send(get)
    .catch((error: unknown) => error);
}

test.each([
  ['that says nothing', () => undefined],
  [
    'that stops half-way through its answer',
    (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.write('{"Item":');
    },
  ],
])('a call of a service %s ends after 3 s', { timeout: 6_000 }, async (_, answers) => {
  const endpoint = await serviceThat(answers);

  expect(await errorOfCall(endpoint)).toMatchObject({ name: 'TimeoutError' });
});
