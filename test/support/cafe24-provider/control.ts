import type { MallMemory } from './memory.ts';
import type { CodeOptions } from './provider.ts';
import type { Configuration } from './switches.ts';

/**
 * Steers a running scripted Cafe24 from any process.
 * Each call rejects with the provider's own words when it makes no sense, e.g. a misspelt switch.
 */
export interface Cafe24Control {
  /** An authorization code as if the mall's admin had just agreed. */
  issueCode(mallId: string, options?: CodeOptions): Promise<string>;
  memory(mallId: string): Promise<MallMemory>;
  /** Whether a refresh with this token would succeed now (a grace period doesn't count). */
  isAlive(refreshToken: string): Promise<boolean>;
  /**
   * Throws switches for a mall or, with `*`, for all. With `nextRequests` they hold for that many
   * token requests; several such calls for one target follow each other, as a script.
   */
  configure(target: string, switches: Configuration): Promise<void>;
  /** All switches back to their defaults; what was issued is kept. */
  heal(target: string): Promise<void>;
  /** Forgets switches and all that was issued. */
  reset(target: string): Promise<void>;
  /** The mall removes the application: every token of it is dead. */
  removeApplication(mallId: string): Promise<void>;
}

/** @param controlUrl as `startCafe24Provider` answered it. */
export function cafe24Control(controlUrl: string): Cafe24Control {
  const call = async (operation: string, body: object): Promise<unknown> => {
    const response = await fetch(`${controlUrl}/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error((answer as { message: string }).message);
    return answer;
  };
  return {
    issueCode: async (mallId, options = {}) =>
      ((await call('issue-code', { mallId, ...options })) as { code: string }).code,
    memory: async (mallId) => (await call('memory', { mallId })) as MallMemory,
    isAlive: async (refreshToken) =>
      ((await call('is-alive', { refreshToken })) as { alive: boolean }).alive,
    configure: async (target, switches) => {
      await call('configure', { target, switches });
    },
    heal: async (target) => {
      await call('heal', { target });
    },
    reset: async (target) => {
      await call('reset', { target });
    },
    removeApplication: async (mallId) => {
      await call('remove-application', { mallId });
    },
  };
}
