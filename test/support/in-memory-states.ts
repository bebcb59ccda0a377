import type { AuthorizationStates } from '#shared/cafe24/authorization-states.ts';
import { STATE_LIFE_SECONDS } from '#shared/cafe24/authorization-states.ts';
import type { Clock } from '#shared/clock.ts';

/** The states of authorizations in memory, held to the same suite as those on Postgres. */
export function inMemoryStates(clock: Clock): AuthorizationStates {
  const states = new Map<string, { browser: string; mallId: string; expiresAtMs: number }>();
  return {
    issue({ state, browser }, mallId) {
      const expiresAtMs = clock().getTime() + STATE_LIFE_SECONDS * 1000;
      states.set(state, { browser, mallId, expiresAtMs });
      return Promise.resolve();
    },
    consume({ state, browser }) {
      const found = states.get(state);
      if (found?.browser !== browser || found.expiresAtMs <= clock().getTime()) {
        return Promise.resolve(undefined);
      }
      states.delete(state);
      return Promise.resolve(found.mallId);
    },
  };
}
