import { MallId } from '#events/mall-id.ts';
import { systemClock } from '#shared/clock.ts';
import { jsonAnswer } from '../scripted-provider/answers.ts';
import { answerControl } from '../scripted-provider/control.ts';
import {
  type Endpoints,
  type Received,
  type RunningServer,
  type Serving,
  startProviderServer,
} from '../scripted-provider/server.ts';
import type { Application } from './answers.ts';
import { cafe24Operations } from './control-routes.ts';
import { cafe24Provider, type Provider } from './provider.ts';

export interface RunningCafe24 extends Omit<RunningServer, 'origin'> {
  /** `http://127.0.0.1:<port>/{mallId}`, with the braces; a client puts the mall id there. */
  readonly apiUrl: string;
}

/**
 * Starts the scripted Cafe24: every mall of the world by path, and its control API.
 *
 * @param options the registered application, and where it is served.
 */
export async function startCafe24Provider({
  clock = systemClock,
  ...options
}: Application & Serving): Promise<RunningCafe24> {
  const endpoints = endpointsOf(cafe24Provider(options, clock));
  const { origin, ...server } = await startProviderServer(endpoints, options);
  return { ...server, apiUrl: `${origin}/{mallId}` };
}

const notFound = jsonAnswer(404, { error: { code: 404, message: 'Not Found' } });

function endpointsOf(provider: Provider): Endpoints {
  return {
    control: answerControl(cafe24Operations, provider),
    tokenRequest(received) {
      const { mallId, endpoint } = place(received);
      if (mallId === undefined || endpoint !== 'token') return undefined;
      return provider.receiveTokenRequest(mallId, received.request);
    },
    other(received) {
      const { mallId, endpoint } = place(received);
      if (mallId === undefined) return notFound;
      if (endpoint === 'revoke') return provider.revoke(mallId, received.request);
      if (endpoint === 'authorize' && received.request.method === 'GET') {
        return provider.authorize(mallId, received.query);
      }
      return notFound;
    },
  };
}

/** Which endpoint of which mall a request is for. */
function place({ path }: Received) {
  const [, mall, endpoint] = /^\/([^/]*)\/api\/v2\/oauth\/(\w+)$/.exec(path) ?? [];
  return { mallId: MallId.safeParse(mall).data, endpoint };
}
