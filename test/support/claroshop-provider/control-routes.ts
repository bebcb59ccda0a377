import { z } from 'zod';
import { type Operation, switchOperations } from '../scripted-provider/control.ts';
import type { Provider } from './provider.ts';

const Username = z.string().min(1);
const ofAccount = z.strictObject({ username: Username });

export const claroshopOperations = {
  ...switchOperations(Username),
  memory: (provider, input) => provider.memory(ofAccount.parse(input).username),
  'put-account': (provider, input) => {
    const { username, ...change } = ofAccount
      .extend({
        password: z.string().min(1).optional(),
        isEnabled: z.boolean().optional(),
        isSetUp: z.boolean().optional(),
      })
      .parse(input);
    provider.putAccount(username, change);
  },
  'sign-out': (provider, input) => {
    provider.signOut(ofAccount.parse(input).username);
  },
  unlock: (provider, input) => {
    provider.unlock(ofAccount.parse(input).username);
  },
  'is-alive': (provider, input) => ({
    alive: provider.isAlive(z.strictObject({ refreshToken: z.string() }).parse(input).refreshToken),
  }),
  'is-access-alive': (provider, input) => ({
    alive: provider.isAccessAlive(
      z.strictObject({ accessToken: z.string() }).parse(input).accessToken,
    ),
  }),
} satisfies Record<string, Operation<Provider>>;
