import { bundleName } from '#shared/claroshop/names.ts';
import { DependencyUnavailableError } from '#shared/errors.ts';
import type { Attempt, OutcomeEvent } from '#shared/grants/ports.ts';
import type { Parameter } from '#shared/ssm/parameters.ts';
import { givingUp } from '../giving-up.ts';
import { ABLATIONS } from './ablations.ts';
import { calm, everyAccount, type Fault } from './fault.ts';
import { LAST_LOOK_MS } from './run.ts';
import type { Weather } from './weather.ts';

const away = () => new DependencyUnavailableError('away', 'Planted: away.');
const isBundle = ({ name }: Pick<Parameter, 'name'>) => name.endsWith('/token');

/** Every grant goes into escrow first. */
const throughEscrow = (weather: Weather): Weather => ({ ...calm(weather), awayAtAnswer: 1 });

const unlessWarning = (event: OutcomeEvent) =>
  event.detailType === 'TokenExpiryWarning' ? [] : [event];

/** What becomes of grants, bundles and names. */
export const FAULTS_OF_GRANTS = {
  'a process lets its grant go': (): Fault => {
    let first: string | undefined;
    const isFirst = ({ attemptId }: Attempt) => attemptId === (first ??= attemptId);
    return {
      ...{ kind: 'grant-lost', text: 'given-up', weather: calm },
      tokens: (tokens) => ({
        ...tokens,
        commit: async (attempt, save, fresh) => {
          if (isFirst(attempt)) throw away();
          return await tokens.commit(attempt, save, fresh);
        },
      }),
      escrow: (escrow) => ({
        ...escrow,
        put: async (attempt, save) => {
          if (isFirst(attempt)) throw away();
          await escrow.put(attempt, save);
        },
      }),
    };
  },

  'a saver that gives up early': (): Fault => ({
    ...{ kind: 'grant-lost', text: 'given-up' },
    weather: (weather) => ({
      ...throughEscrow(weather),
      fail: { ...calm(weather).fail, escrow: 0.5 },
    }),
    ...givingUp(),
  }),

  'an escrow that is emptied unread': (): Fault => ({
    ...{ kind: 'grant-lost', text: 'saved' },
    weather: (weather) => byPasswordAlone(throughEscrow(weather)),
    escrow: (escrow) => ({
      ...escrow,
      read: async (id) => {
        await escrow.delete(id);
        return undefined;
      },
    }),
  }),

  'an older bundle is put over a newer one': (): Fault => {
    let older: Parameter | undefined;
    let isDone = false;
    return {
      ...{ kind: 'bundle-went-back', text: 'version' },
      weather: (weather) => byPasswordAlone(calm(weather)),
      parameters: (parameters) => ({
        ...parameters,
        put: async (parameter, signal) => {
          const version = await parameters.put(parameter, signal);
          if (!isBundle(parameter) || isDone) return version;
          isDone = older !== undefined;
          if (older !== undefined) await parameters.put(older);
          older = { ...parameter, version };
          return version;
        },
      }),
    };
  },

  'warnings that nobody gets': (): Fault => ({
    ...{ kind: 'dead-after-healing', text: 'expired', weather: calm, bus: unlessWarning },
  }),

  'a bundle that is gone': (): Fault => ({
    ...{ kind: 'dead-after-healing', text: 'no bundle', weather: calm, bus: unlessWarning },
    plant: everyAccount(({ parameters }, account) => {
      parameters.held.delete(bundleName(account));
    }, LAST_LOOK_MS - 60_000),
  }),

  'a name that outlives its field': (): Fault => ({
    ...{ kind: 'names-differ', text: 'is stale' },
    weather: (weather) => ({ ...calm(weather), omitted: ['scope'] }),
    parameters: (parameters) => ({ ...parameters, delete: () => Promise.resolve() }),
  }),

  'a name that nobody writes': (): Fault => ({
    ...{ kind: 'names-differ', text: '/claroshop/access_token', weather: calm },
    parameters: (parameters) => ({
      ...parameters,
      put: (parameter, signal) =>
        parameter.name.endsWith('/access_token')
          ? Promise.resolve(1)
          : parameters.put(parameter, signal),
    }),
  }),

  'names before their bundle': (): Fault => ({
    ...{ kind: 'name-before-bundle', text: '/claroshop/', weather: calm },
    ...ABLATIONS['bundle after names'](),
  }),

  'an escrow that keeps what was installed': (): Fault => ({
    ...{ kind: 'left-in-escrow', text: '-', weather: throughEscrow },
    escrow: (escrow) => ({ ...escrow, delete: () => Promise.resolve() }),
  }),
} satisfies Record<string, () => Fault>;

function byPasswordAlone(weather: Weather): Weather {
  return { ...weather, provider: { ...weather.provider, issuesRefreshTokens: false } };
}
