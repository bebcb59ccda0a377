import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { BatchStatementErrorCodeEnum, BatchStatementResponse } from '@aws-sdk/client-dynamodb';

interface Call {
  readonly target: string;
  /** In whole-call requests other than BatchExecuteStatement: empty. */
  readonly statements: readonly { readonly Statement: string }[];
}

/** What is to happen to a call instead of being passed on whole. */
export type Fault =
  /** The named statements (by position) fail with the code; the others are passed on. */
  | { readonly code: BatchStatementErrorCodeEnum; readonly positions: readonly number[] }
  /** The whole call is answered with the exception; nothing is passed on. */
  | { readonly exception: string }
  /** DynamoDB does it all, but the answer never comes. */
  | { readonly lostAnswer: true };

/**
 * Stands before DynamoDB Local, which never throttles, and does what real DynamoDB does.
 *
 * @param faultOf asked for each call, numbered from 0; `undefined` passes it on.
 */
export async function startDynamoDbProxy(
  endpoint: string,
  faultOf: (call: Call, number: number) => Fault | undefined,
) {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const target = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const content = JSON.parse(body) as { Statements?: Call['statements'] };
      const call = { target, statements: content.Statements ?? [] };
      const fault = faultOf(call, calls.length);
      calls.push(call);
      await answer({ endpoint, request, body, content, response }, fault);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpointUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    calls: calls as readonly Call[],
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Exchange {
  readonly endpoint: string;
  readonly request: IncomingMessage;
  readonly body: string;
  readonly content: { readonly Statements?: Call['statements'] };
  readonly response: ServerResponse;
}

async function answer(exchange: Exchange, fault: Fault | undefined): Promise<void> {
  const { body, response } = exchange;
  if (fault === undefined) {
    const passed = await passOn(exchange, body);
    reply(response, passed.status, await passed.text());
  } else if ('exception' in fault) {
    const __type = `com.amazonaws.dynamodb.v20120810#${fault.exception}`;
    reply(response, 400, JSON.stringify({ __type, message: 'Scripted' }));
  } else if ('lostAnswer' in fault) {
    await (await passOn(exchange, body)).text();
    response.destroy();
  } else {
    reply(response, 200, JSON.stringify({ Responses: await passOnExcept(exchange, fault) }));
  }
}

async function passOnExcept(
  exchange: Exchange,
  { code, positions }: Extract<Fault, { positions: unknown }>,
): Promise<BatchStatementResponse[]> {
  const { Statements = [] } = exchange.content;
  const kept = Statements.filter((_, position) => !positions.includes(position));
  const rest = JSON.stringify({ ...exchange.content, Statements: kept });
  const passed = kept.length === 0 ? undefined : await passOn(exchange, rest);
  const { Responses = [] } = ((await passed?.json()) ?? {}) as {
    Responses?: BatchStatementResponse[];
  };
  return Statements.map((_, position) =>
    positions.includes(position) ? { Error: { Code: code } } : Responses.shift()!,
  );
}

function passOn({ endpoint, request }: Exchange, body: string): Promise<Response> {
  const names = ['x-amz-target', 'content-type', 'authorization', 'x-amz-date'];
  const headers = names.map((name) => [name, String(request.headers[name])] as [string, string]);
  return fetch(endpoint, { method: 'POST', headers, body });
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
}
