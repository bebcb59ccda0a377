import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#shared/clock.ts';
import { type Answer, jsonAnswer } from './answers.ts';
import type { ControlAnswer } from './control.ts';
import { deliver } from './delivery.ts';
import type { FormRequest } from './form.ts';
import type { OpenTokenRequest } from './token-requests.ts';
import { defaultWireSwitches } from './wire-switches.ts';

export interface Received {
  readonly request: FormRequest;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** A scripted provider, as its server sees it. */
export interface Endpoints {
  /** `undefined`: it is not for the token endpoint. */
  readonly tokenRequest: (received: Received) => OpenTokenRequest | undefined;
  readonly other: (received: Received) => Answer;
  readonly control: (name: string, json: string) => ControlAnswer;
}

export interface RunningServer {
  readonly origin: string;
  /** For the provider's control client. */
  readonly controlUrl: string;
  /** Frees the port; connections are cut, whatever they wait for. */
  stop(): Promise<void>;
}

/** Where and by what time a provider is served. */
export interface Serving {
  /** 0 or none takes a free one. */
  readonly port?: number;
  /** 127.0.0.1, but for a container, whose ports are published from all its interfaces. */
  readonly host?: string;
  readonly clock?: Clock;
}

interface Exchange {
  readonly response: ServerResponse;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

/** Serves a scripted provider and its control API. */
export async function startProviderServer(
  endpoints: Endpoints,
  { port = 0, host = '127.0.0.1' }: Omit<Serving, 'clock'>,
): Promise<RunningServer> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const server = createServer((request, response) => {
    serve(endpoints, request, { response, signal }).catch((error: unknown) => {
      // A stopped server and a client that hung up end an exchange; anything else is our bug.
      if (!signal.aborted && request.complete) console.error(error);
      response.destroy();
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    controlUrl: `${origin}/_control`,
    async stop() {
      stopping.abort();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function serve(
  endpoints: Endpoints,
  message: IncomingMessage,
  exchange: Exchange,
): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  const request = {
    method: message.method ?? '',
    contentType: message.headers['content-type'],
    authorization: message.headers.authorization,
    body: await text(message),
  };
  const { response, signal } = exchange;
  const [, control] = /^\/_control\/(.*)$/.exec(url.pathname) ?? [];
  if (control !== undefined) {
    const { status, body } = endpoints.control(control, request.body);
    await deliver(response, jsonAnswer(status, body), { ...defaultWireSwitches, signal });
    return;
  }
  const received = { request, path: url.pathname, query: url.searchParams };
  const open = endpoints.tokenRequest(received);
  if (open === undefined) {
    await deliver(response, endpoints.other(received), { ...defaultWireSwitches, signal });
  } else {
    await serveToken(open, exchange);
  }
}

async function serveToken(
  { switches, answer, finish }: OpenTokenRequest,
  { response, signal }: Exchange,
): Promise<void> {
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
