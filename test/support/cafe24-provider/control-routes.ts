import { z } from 'zod';
import { MallId } from '#events/mall-id.ts';
import { type Operation, switchOperations } from '../scripted-provider/control.ts';
import type { Provider } from './provider.ts';

const ofMall = z.strictObject({ mallId: MallId });

export const cafe24Operations = {
  'issue-code': (provider, input) => {
    const { mallId, ...options } = ofMall
      .extend({
        scopes: z.array(z.string()).min(1).optional(),
        issuedSecondsAgo: z.number().min(0).optional(),
      })
      .parse(input);
    return { code: provider.issueCode(mallId, options) };
  },
  memory: (provider, input) => provider.memory(ofMall.parse(input).mallId),
  'is-alive': (provider, input) => ({
    alive: provider.isAlive(z.strictObject({ refreshToken: z.string() }).parse(input).refreshToken),
  }),
  'remove-application': (provider, input) => {
    provider.removeApplication(ofMall.parse(input).mallId);
  },
  ...switchOperations(MallId),
} satisfies Record<string, Operation<Provider>>;
