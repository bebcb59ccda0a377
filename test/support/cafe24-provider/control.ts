import { controlCaller, type SwitchControl, switchControl } from '../scripted-provider/control.ts';
import type { MallMemory } from './memory.ts';
import type { CodeOptions } from './provider.ts';
import type { Configuration } from './switches.ts';

/**
 * Steers a running scripted Cafe24 from any process; targets are malls.
 * Each call rejects with the provider's own words when it makes no sense, e.g. a misspelt switch.
 */
export interface Cafe24Control extends SwitchControl<Configuration> {
  /** An authorization code as if the mall's admin had just agreed. */
  issueCode(mallId: string, options?: CodeOptions): Promise<string>;
  memory(mallId: string): Promise<MallMemory>;
  /** Whether a refresh with this token would succeed now (a grace period doesn't count). */
  isAlive(refreshToken: string): Promise<boolean>;
  /** The mall removes the application: every token of it is dead. */
  removeApplication(mallId: string): Promise<void>;
}

/** @param controlUrl as `startCafe24Provider` answered it. */
export function cafe24Control(controlUrl: string): Cafe24Control {
  const call = controlCaller(controlUrl);
  return {
    ...switchControl<Configuration>(call),
    issueCode: async (mallId, options = {}) =>
      ((await call('issue-code', { mallId, ...options })) as { code: string }).code,
    memory: async (mallId) => (await call('memory', { mallId })) as MallMemory,
    isAlive: async (refreshToken) =>
      ((await call('is-alive', { refreshToken })) as { alive: boolean }).alive,
    removeApplication: async (mallId) => {
      await call('remove-application', { mallId });
    },
  };
}
