import { byHand, calm, everyMall, type Fault } from './fault.ts';
import { replacing } from './rewriting.ts';

/** What the world is told. */
export const FAULTS_OF_OUTCOMES = {
  'a commit that has nothing to tell': {
    kind: 'missing-outcome',
    text: 'commit without event',
    weather: calm,
    ...replacing({
      "event = jsonb_set(attempt.event, '{detail,version}', to_jsonb(held.version))":
        'event = null::jsonb',
    }),
  },

  'an outbox that calls published what it never sent': {
    kind: 'missing-outcome',
    text: 'never published',
    weather: calm,
    bus: (event) => (event.detailType === 'TokenRefreshed' ? [] : [event]),
  },

  'a mark that nobody is told of': {
    kind: 'missing-outcome',
    text: 'nobody is told',
    weather: calm,
    plant: (world, healMs) => {
      everyMall(({ provider }, mallId) => {
        provider.removeApplication(mallId);
      })(world, healMs);
      byHand("update cafe24.oauth_tokens set status = 'reauthorization-required'")(world, healMs);
    },
  },

  'a new authorization is asked for after all is well': {
    kind: 'outcome-against-the-row',
    text: 'not withdrawn',
    weather: calm,
    bus: (event) =>
      event.detailType === 'TokenRefreshed' ? [event, askingFor(event.detail)] : [event],
  },
} satisfies Record<string, Fault>;

function askingFor({ provider, mallId, attemptId }: Readonly<Record<string, unknown>>) {
  const detail = { provider, mallId, attemptId, reason: 'grant-revoked', version: 1_000 };
  return { detailType: 'ReauthorizationRequired', detail };
}
