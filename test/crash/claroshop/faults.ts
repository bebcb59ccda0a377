import { DependencyUnavailableError } from '#shared/errors.ts';
import { calm, everyAccount, type Fault } from './fault.ts';
import { FAULTS_OF_ASKING } from './faults-of-asking.ts';
import { FAULTS_OF_GRANTS } from './faults-of-grants.ts';
import { FAULTS_OF_OUTCOMES } from './faults-of-outcomes.ts';
import type { ClaroshopWorld } from './world.ts';

const bug = () => Promise.reject(new Error('a bug'));

const tokenOf = (world: ClaroshopWorld, account: string) =>
  world.bundleOf(account)?.refresh_token ?? '';

/**
 * One planted fault for each thing that the judge looks at: each run with it shows that the check
 * fires, and that no other does.
 */
export const FAULTS: Readonly<Record<string, () => Fault>> = {
  ...FAULTS_OF_GRANTS,
  ...FAULTS_OF_ASKING,
  ...FAULTS_OF_OUTCOMES,

  'a message that is never delivered': () => ({
    ...{ kind: 'message-without-fate', text: '1', weather: calm },
    plant: everyAccount(({ queues }, account) => {
      const warning = { provider: 'claroshop', account, reason: 'rejected' } as const;
      queues.send('refresh', warning, 86_400_000);
    }),
  }),

  'a token in a log line': () => ({
    ...{ kind: 'secret-shown', text: 'a secret', weather: calm },
    plant: everyAccount((world, account) => {
      world.log.info('refreshed', { token: tokenOf(world, account) });
    }),
  }),

  'a token in the message of an error': () => ({
    ...{ kind: 'secret-shown', text: 'a secret', weather: calm },
    plant: everyAccount((world, account) => {
      const error = new DependencyUnavailableError('away', tokenOf(world, account));
      world.log.warn('failed', { error });
    }),
  }),

  'a password in an event': () => ({
    ...{ kind: 'secret-shown', text: 'a secret', weather: calm },
    plant: everyAccount((world, account) => {
      const { password } = world.credentialsOf(account);
      world.events.push({ detailType: 'SomethingHappened', detail: { note: password } });
    }),
  }),

  'a bug in the consumer': () => ({
    ...{ kind: 'unforeseen-error', text: 'refresh: a bug' },
    weather: (weather) => ({ ...calm(weather), wishes: 1 }),
    attempts: (attempts) => ({ ...attempts, wish: bug }),
  }),

  'a bug in the sweep': () => ({
    ...{ kind: 'unforeseen-error', text: 'warn: a bug' },
    weather: calm,
    escrow: (escrow) => ({ ...escrow, list: bug }),
  }),
};
