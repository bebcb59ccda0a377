import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const ROUND_TRIP_MS = 5;

/**
 * Says that it did everything, 5 ms after it was asked and however much comes at once. DynamoDB
 * Local writes one item after another, which DynamoDB does not: with this in its place, what limits
 * the throughput is the consumer.
 */
export async function startPromptDynamoDb() {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { Statements = [] } = JSON.parse(body) as { Statements?: readonly unknown[] };
      const answer = JSON.stringify({ Responses: Statements.map(() => ({})) });
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(answer);
      }, ROUND_TRIP_MS);
    });
  });
  // A consumer that is busy for seconds must not find its idle connections closed.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { endpointUrl: `http://127.0.0.1:${String(port)}`, stop };
}
