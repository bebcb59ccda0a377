import { DependencyUnavailableError } from '#shared/errors.ts';
import { FAULTS_OF_CODES } from './faults-of-codes.ts';
import { FAULTS_OF_GRANTS } from './faults-of-grants.ts';
import { FAULTS_OF_OUTCOMES } from './faults-of-outcomes.ts';
import type { Fault } from './fault.ts';
import { calm, everyMall, whileFailing } from './fault.ts';
import { failing } from './rewriting.ts';
import { simulatedCafe24 } from './simulated-cafe24.ts';
import { Line } from '../line.ts';
import type { Cafe24World } from './world.ts';

const bug = () => new Error('a bug');

/**
 * One planted fault for each thing that the judge looks at: each run with it shows that the check
 * fires, and that no other does.
 */
export const FAULTS: Readonly<Record<string, Fault>> = {
  ...FAULTS_OF_GRANTS,
  ...FAULTS_OF_CODES,
  ...FAULTS_OF_OUTCOMES,

  'two processes ask at once': {
    kind: 'double-redeem',
    text: 'while leases hold',
    weather: calm,
    plant: everyMall((world, mallId) => {
      for (let process = 0; process < 2; process++) void rogue(world, mallId);
    }),
  },

  'an attempt that nobody can settle': {
    kind: 'open-attempt',
    text: 'nobodys-mall',
    weather: calm,
    plant: whileFailing(
      (world) =>
        void world.database.sql(`
          insert into cafe24.token_attempts
                 (attempt_id, mall_id, grant_type, started_at, lease_until)
          values (gen_random_uuid(), 'nobodys-mall', 'refresh_token', now(), 'infinity')`),
    ),
  },

  'an escrow that keeps what was installed': {
    kind: 'left-in-escrow',
    text: '-',
    weather: (weather) => ({ ...calm(weather), awayAtAnswer: 1 }),
    escrow: (escrow) => ({ ...escrow, delete: () => Promise.resolve() }),
  },

  'a message that is never delivered': {
    kind: 'message-without-fate',
    text: '1',
    weather: calm,
    plant: whileFailing((world) => {
      const warning = { provider: 'cafe24', mallId: 'nobodys-mall', version: 1 } as const;
      world.queues.send('refresh', { ...warning, reason: 'rejected' }, 86_400_000);
    }),
  },

  'a token in a log line': {
    kind: 'secret-shown',
    text: 'a token',
    weather: calm,
    plant: everyMall((world, mallId) => {
      const [token = ''] = world.provider.memory(mallId).aliveRefreshTokens;
      world.log.info('refreshed', { token });
    }),
  },

  'a token in the message of an error': {
    kind: 'secret-shown',
    text: 'a token',
    weather: calm,
    plant: everyMall((world, mallId) => {
      const [token = ''] = world.provider.memory(mallId).aliveRefreshTokens;
      world.log.warn('failed', { error: new DependencyUnavailableError('away', token) });
    }),
  },

  'a token in an event': {
    kind: 'secret-shown',
    text: 'a token',
    weather: calm,
    plant: everyMall(({ provider, events }, mallId) => {
      const [note] = provider.memory(mallId).aliveRefreshTokens;
      events.push({ detailType: 'TokenRefreshed', detail: { note } });
    }),
  },

  'a bug in a consumer': {
    kind: 'unforeseen-error',
    text: 'refresh: a bug',
    weather: (weather) => ({ ...calm(weather), wishes: 1 }),
    ...failing('set wish_version = wanted.version', bug),
  },

  'a bug in the sweep': {
    kind: 'unforeseen-error',
    text: 'warn: a bug',
    weather: calm,
    ...failing('as ending', bug),
  },

  'a bug that recovery catches': {
    kind: 'unforeseen-error',
    text: 'recovery-step-failed: a bug',
    weather: calm,
    ...failing('delete from cafe24.oauth_states', bug),
  },
};

/** Asks without a lease, with a token that changes nothing. */
async function rogue(world: Cafe24World, mallId: string): Promise<void> {
  const { simulated } = world.newProcess('refresh', 60_000);
  const line = new Line(simulated);
  const ticket = { mallId, form: { grant_type: 'refresh_token', refresh_token: 'never-issued' } };
  await line.start(() => simulatedCafe24(line, () => undefined).redeem(ticket, 30_000));
}
