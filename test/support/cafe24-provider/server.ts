import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { MallId } from '#events/mall-id.ts';
import { type Clock, systemClock } from '#shared/clock.ts';
import { type Application, jsonAnswer } from './answers.ts';
import { control } from './control-routes.ts';
import { deliver } from './delivery.ts';
import type { FormRequest } from './form.ts';
import { cafe24Provider, type Provider } from './provider.ts';
import { defaultSwitches } from './switches.ts';

interface Exchange {
  readonly provider: Provider;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

export interface RunningCafe24 {
  /** `http://127.0.0.1:<port>/{mallId}`, with the braces; a client puts the mall id there. */
  readonly apiUrl: string;
  /** For `cafe24Control`. */
  readonly controlUrl: string;
  /** Frees the port; connections are cut, whatever they wait for. */
  stop(): Promise<void>;
}

/**
 * Starts the scripted Cafe24: every mall of the world by path, and its control API.
 *
 * @param options the registered application; `port` 0 or none takes a free one; `host` is 127.0.0.1,
 *   but for a container, whose ports are published from all its interfaces.
 */
export async function startCafe24Provider({
  port = 0,
  host = '127.0.0.1',
  clock = systemClock,
  ...application
}: Application & {
  readonly port?: number;
  readonly host?: string;
  readonly clock?: Clock;
}): Promise<RunningCafe24> {
  const provider = cafe24Provider(application, clock);
  const stopping = new AbortController();
  const { signal } = stopping;
  const server = createServer((request, response) => {
    serve({ provider, request, response, signal }).catch((error: unknown) => {
      // A stopped server and a client that hung up end an exchange; anything else is our bug.
      if (!signal.aborted && request.complete) console.error(error);
      response.destroy();
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl: `${origin}/{mallId}`,
    controlUrl: `${origin}/_control`,
    async stop() {
      stopping.abort();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function serve(exchange: Exchange): Promise<void> {
  const { provider, request, response, signal } = exchange;
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, first = '', ...rest] = url.pathname.split('/');
  if (first === '_control') {
    const { status, body } = control(provider, rest.join('/'), await text(request));
    await deliver(response, jsonAnswer(status, body), { ...defaultSwitches, signal });
    return;
  }
  const path = rest.join('/');
  if (MallId.safeParse(first).success && path === 'api/v2/oauth/token') {
    await serveToken(exchange, first);
    return;
  }
  const answer = MallId.safeParse(first).success
    ? await answerOther(exchange, first, { path, query: url.searchParams })
    : notFound;
  await deliver(response, answer, { ...defaultSwitches, signal });
}

const notFound = jsonAnswer(404, { error: { code: 404, message: 'Not Found' } });

async function answerOther(
  { provider, request }: Exchange,
  mallId: string,
  { path, query }: { path: string; query: URLSearchParams },
) {
  if (path === 'api/v2/oauth/revoke') return provider.revoke(mallId, await readRequest(request));
  if (path === 'api/v2/oauth/authorize' && request.method === 'GET') {
    return provider.authorize(mallId, query);
  }
  return notFound;
}

async function serveToken(
  { provider, request, response, signal }: Exchange,
  mallId: string,
): Promise<void> {
  const { switches, answer, finish } = provider.receiveTokenRequest(
    mallId,
    await readRequest(request),
  );
  response.once('finish', () => {
    finish('answered');
  });
  response.once('close', () => {
    finish('client-gone');
  });
  await wait(switches.delayBeforeIssuingMs, undefined, { signal });
  const answered = answer();
  await wait(switches.delayMs, undefined, { signal });
  if (answered.kind === 'reset') finish('reset');
  await deliver(response, answered, { ...switches, signal });
}

async function readRequest(request: IncomingMessage): Promise<FormRequest> {
  return {
    method: request.method ?? '',
    contentType: request.headers['content-type'],
    authorization: request.headers.authorization,
    body: await text(request),
  };
}
