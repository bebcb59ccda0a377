import { type Clock, systemClock } from '#shared/clock.ts';
import { htmlAnswer, jsonAnswer } from '../scripted-provider/answers.ts';
import { answerControl } from '../scripted-provider/control.ts';
import {
  type Place,
  type RunningServer,
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
 * @param options the realm; without a place, a free port on 127.0.0.1.
 */
export async function startClaroshopProvider({
  port = 0,
  host = '127.0.0.1',
  clock = systemClock,
  ...realm
}: Realm & Partial<Place> & { readonly clock?: Clock }): Promise<RunningClaroshop> {
  const provider = claroshopProvider(realm, clock);
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
    { port, host },
  );
  return { ...server, tokenUrl: origin + tokenPath };
}
