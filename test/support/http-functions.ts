import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { lambdaContext, proxyEvent } from './http-requests.ts';

export type HttpFunction = (
  event: APIGatewayProxyEvent,
  context: Context,
) => Promise<APIGatewayProxyResult>;

export interface RunningFunctions {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Functions behind real HTTP on 127.0.0.1, as API Gateway's REST proxy would call them.
 *
 * @param routes function by route, e.g. `GET /cafe24/authorize`; asked at each request.
 */
export async function startHttpFunctions(
  routes: (route: string) => HttpFunction | undefined,
): Promise<RunningFunctions> {
  const server = createServer((request, response) => {
    serve(routes, request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function serve(
  routes: (route: string) => HttpFunction | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const run = routes(`${request.method ?? ''} ${url.pathname}`);
  if (run === undefined) {
    response.writeHead(404).end();
    return;
  }
  const event = proxyEvent({
    headers: request.headers as Record<string, string>,
    queryStringParameters: Object.fromEntries(url.searchParams),
  });
  const { statusCode, headers, body } = await run(event, lambdaContext());
  response.writeHead(statusCode, headers as Record<string, string>).end(body);
}
