import { systemClock } from '#shared/clock.ts';
import { htmlAnswer, jsonAnswer } from '../scripted-provider/answers.ts';
import { answerControl } from '../scripted-provider/control.ts';
import {
  type RunningServer,
  type Serving,
  startProviderServer,
} from '../scripted-provider/server.ts';
import { claroshopOperations } from './control-routes.ts';
import { claroshopProvider, type Realm } from './provider.ts';

export const tokenPath = '/auth/realms/plataforma-claro/protocol/openid-connect/token';

export interface RunningClaroshop extends Omit<RunningServer, 'origin'> {
  /** `http://127.0.0.1:<port>/auth/realms/…/token`. */
  readonly tokenUrl: string;
}

/**
 * Starts the scripted ClaroShop: its realm's token endpoint, and its control API.
 *
 * @param options the realm, and where it is served.
 */
export async function startClaroshopProvider({
  clock = systemClock,
  ...options
}: Realm & Serving): Promise<RunningClaroshop> {
  const provider = claroshopProvider(options, clock);
  const { origin, ...server } = await startProviderServer(
    {
      control: answerControl(claroshopOperations, provider),
      tokenRequest: ({ path, request }) =>
        path === tokenPath ? provider.receiveTokenRequest(request) : undefined,
      other: ({ path }) =>
        path.startsWith('/auth/realms/')
          ? jsonAnswer(404, { error: 'Realm does not exist' })
          : htmlAnswer(404),
    },
    options,
  );
  return { ...server, tokenUrl: origin + tokenPath };
}
