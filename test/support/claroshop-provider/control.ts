import { controlCaller, type SwitchControl, switchControl } from '../scripted-provider/control.ts';
import type { AccountMemory } from './memory.ts';
import type { AccountChange } from './provider.ts';
import type { Configuration } from './switches.ts';

/**
 * Steers a running scripted ClaroShop from any process; targets are user names.
 * Each call rejects with the provider's own words when it makes no sense, e.g. a misspelt switch.
 */
export interface ClaroshopControl extends SwitchControl<Configuration> {
  memory(username: string): Promise<AccountMemory>;
  /** Changes an account, or makes one; what is not said is enabled and set up. */
  putAccount(username: string, change: AccountChange): Promise<void>;
  /** An operator ends the account's sessions: access and refresh tokens are dead. */
  signOut(username: string): Promise<void>;
  unlock(username: string): Promise<void>;
  /** Whether a refresh with this token would succeed now. */
  isAlive(refreshToken: string): Promise<boolean>;
  /** Whether ClaroShop's resources would take this access token now. */
  isAccessAlive(accessToken: string): Promise<boolean>;
}

/** @param controlUrl as `startClaroshopProvider` answered it. */
export function claroshopControl(controlUrl: string): ClaroshopControl {
  const call = controlCaller(controlUrl);
  const isAlive = async (operation: string, body: object) =>
    ((await call(operation, body)) as { alive: boolean }).alive;
  return {
    ...switchControl<Configuration>(call),
    memory: async (username) => (await call('memory', { username })) as AccountMemory,
    putAccount: async (username, change) => {
      await call('put-account', { username, ...change });
    },
    signOut: async (username) => {
      await call('sign-out', { username });
    },
    unlock: async (username) => {
      await call('unlock', { username });
    },
    isAlive: (refreshToken) => isAlive('is-alive', { refreshToken }),
    isAccessAlive: (accessToken) => isAlive('is-access-alive', { accessToken }),
  };
}
