import type { AuthorizationStates } from '#shared/cafe24/authorization-states.ts';
import { STATE_LIFE_SECONDS } from '#shared/cafe24/authorization-states.ts';
import type { Clock } from '#shared/clock.ts';
import type { AuthorizationCodes } from '#shared/grants/exchange-ports.ts';

type ArrivedCode = Parameters<AuthorizationCodes['store']>[0];

/** The states of authorizations in memory, held to the same suite as those on Postgres. */
export function inMemoryStates(
  clock: Clock,
  store: (code: ArrivedCode) => Promise<string> = () => Promise.resolve('1'),
): AuthorizationStates {
  const states = new Map<string, { browser: string; mallId: string; expiresAtMs: number }>();
  const consume: AuthorizationStates['consume'] = ({ state, browser }) => {
    const found = states.get(state);
    if (found?.browser !== browser || found.expiresAtMs <= clock().getTime()) {
      return Promise.resolve(undefined);
    }
    states.delete(state);
    return Promise.resolve(found.mallId);
  };
  return {
    issue({ state, browser }, mallId) {
      const expiresAtMs = clock().getTime() + STATE_LIFE_SECONDS * 1000;
      states.set(state, { browser, mallId, expiresAtMs });
      return Promise.resolve();
    },
    consume,
    async consumeFor(proof, { code, receivedAt }) {
      const issued = states.get(proof.state);
      const mallId = await consume(proof);
      if (issued === undefined || mallId === undefined) return undefined;
      try {
        return { mallId, codeId: await store({ mallId, code, receivedAt }) };
      } catch (error) {
        states.set(proof.state, issued);
        throw error;
      }
    },
  };
}
