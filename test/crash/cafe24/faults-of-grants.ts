import { DependencyUnavailableError } from '#shared/errors.ts';
import { givingUp } from '../giving-up.ts';
import { byHand, calm, everyMall, type Fault } from './fault.ts';
import { failing, replacing } from './rewriting.ts';
import { rightRequest } from '#test/support/cafe24-provider/unplugged.ts';

const away = () => new DependencyUnavailableError('away', 'Planted: away.');

/** What becomes of grants, marks and versions. */
export const FAULTS_OF_GRANTS = {
  'a process lets its grant go': {
    kind: 'grant-lost',
    text: 'given-up',
    weather: calm,
    ...failing('$11::jsonb', away),
    escrow: (escrow) => ({ ...escrow, put: () => Promise.reject(away()) }),
  },

  'a saver that gives up early': {
    kind: 'grant-lost',
    text: 'given-up',
    weather: (weather) => ({
      ...calm(weather),
      ...{ awayAtAnswer: 1, fail: { ...calm(weather).fail, escrow: 0.5 } },
    }),
    ...givingUp(),
  },

  'a grant is killed after it was stored': {
    kind: 'grant-lost',
    text: 'saved',
    weather: calm,
    plant: everyMall(({ provider }, mallId) => {
      const [token = ''] = provider.memory(mallId).aliveRefreshTokens;
      provider.revoke(mallId, rightRequest({ token }));
    }),
  },

  'a healthy mall is marked, and a silent try puts it right': {
    kind: 'wrong-mark',
    text: 'early',
    weather: calm,
    plant: byHand(
      "update cafe24.oauth_tokens set status = 'reauthorization-required'",
      'before healing',
    ),
  },

  'a healthy mall is marked for ever': {
    kind: 'wrong-mark',
    text: 'late',
    weather: calm,
    plant: byHand(
      `update cafe24.oauth_tokens set status = 'reauthorization-required';
       update cafe24.refresh_schedule set due_at = 'infinity'`,
      'after the early look',
    ),
  },

  'a mark that marks nothing': {
    kind: 'dead-but-not-marked',
    text: 'mall-',
    weather: calm,
    ...replacing({
      "set status = 'reauthorization-required'":
        "/* set status = 'reauthorization-required' */ set status = 'active'",
    }),
    plant: everyMall(({ provider }, mallId) => {
      provider.removeApplication(mallId);
    }),
  },

  'earlier rotations are forgotten': {
    kind: 'wrong-reason',
    text: 'rotated away',
    weather: (weather) => ({
      ...calm(weather),
      loseAnswer: { ...calm(weather).loseAnswer, provider: 1 },
    }),
    ...replacing({ 'and earlier.may_have_rotated': 'and false' }),
  },

  'the sweep forgets a mall': {
    kind: 'not-refreshed-after-healing',
    text: 'mall-',
    weather: calm,
    plant: byHand("update cafe24.refresh_schedule set due_at = 'infinity'", 'after the early look'),
  },

  'a version is lowered': {
    kind: 'version-went-back',
    text: '"version":',
    weather: calm,
    plant: byHand('update cafe24.oauth_tokens set version = version - 1'),
  },

  'tokens change without a new version': {
    kind: 'version-went-back',
    text: '"version":',
    weather: calm,
    plant: byHand(`
      alter table cafe24.oauth_tokens disable trigger raise_token_version;
      update cafe24.oauth_tokens set refresh_token = reverse(refresh_token);
      update cafe24.oauth_tokens set refresh_token = reverse(refresh_token);
      alter table cafe24.oauth_tokens enable trigger raise_token_version`),
  },
} satisfies Record<string, Fault>;
