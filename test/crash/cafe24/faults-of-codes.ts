import { isActive } from '#shared/postgres/rows-of-others.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { openLink } from './authorizing.ts';
import { byHand, calm, everyMall, whileFailing, type Fault } from './fault.ts';
import { replacing } from './rewriting.ts';

const UNKNOWN_CODE = 'never-issued';
const IF_NO_GRANT = `case when not ${isActive('token')} then wanted.event_if_no_grant`;

const ANNOUNCEABLE = `
  insert into cafe24.oauth_authorization_codes (mall_id, code, received_at)
  select mall_id, '${UNKNOWN_CODE}', cafe24.clock() from cafe24.oauth_tokens`;

/** Nobody redeems a code meanwhile. */
const withoutCodes = (event: OutcomeEvent) =>
  event.detailType === 'AuthorizationCodeArrived' ? [] : [event];

/** What becomes of codes. */
export const FAULTS_OF_CODES = {
  'recovery forgets codes that nobody announced': {
    kind: 'stuck-code',
    text: '"status":"received"',
    weather: calm,
    ...replacing({ 'limit $1': 'limit $1 * 0' }, 'code.received_at'),
    plant: byHand(ANNOUNCEABLE),
  },

  'a code that is being redeemed by nobody': {
    kind: 'stuck-code',
    text: '"status":"exchanging"',
    weather: calm,
    plant: byHand(`
      insert into cafe24.oauth_authorization_codes (mall_id, code, received_at, status)
      select mall_id, '${UNKNOWN_CODE}', cafe24.clock(), 'exchanging' from cafe24.oauth_tokens`),
  },

  'a state that is not spent': {
    kind: 'state-spent-twice',
    text: '2 codes',
    weather: (weather) => ({ ...calm(weather), replay: 1 }),
    ...replacing(
      { 'delete from cafe24.oauth_states': 'update cafe24.oauth_states set mall_id = mall_id' },
      'state_sha256 = $1',
    ),
    plant: everyMall((world, mallId) => void openLink(world, mallId, 1)),
  },

  'a state that is spent before its code is stored': {
    kind: 'state-spent-in-vain',
    text: 'no more',
    weather: calm,
    ...replacing({ 'from consumed': 'from consumed where false' }, 'state_sha256 = $1'),
    plant: everyMall((world, mallId) => void openLink(world, mallId, 1)),
  },

  'a code that is gone when the page calls it received': {
    kind: 'code-lost',
    text: 'not stored',
    weather: calm,
    bus: withoutCodes,
    plant: (world, healMs) => {
      everyMall((it, mallId) => void openLink(it, mallId, 1))(world, healMs);
      byHand(
        'delete from cafe24.oauth_authorization_codes code where not exists (select from cafe24.token_attempts where code_id = code.id)',
        'soon after',
      )(world, healMs);
    },
  },

  'announcements that forget their ids': {
    kind: 'announced-again',
    text: 'another id',
    weather: (weather) => ({
      ...calm(weather),
      ...{ isAnnounced: true, loseAnswer: { ...calm(weather).loseAnswer, bus: 0.9 } },
    }),
    ...replacing({ 'coalesce(code.announcement_id, gen_random_uuid())': 'gen_random_uuid()' }),
    plant: byHand(ANNOUNCEABLE),
    bus: withoutCodes,
  },

  'codes that are announced though they were': {
    kind: 'announced-again',
    text: 'confirmed',
    weather: (weather) => ({ ...calm(weather), isAnnounced: true }),
    ...replacing({ 'and announce_again_at <= (select cafe24.clock())': '' }),
    plant: byHand(ANNOUNCEABLE),
    bus: withoutCodes,
  },

  "a code's failure asks for a new authorization of a living grant": {
    kind: 'outcome-against-the-row',
    text: "a code's failure of a living grant",
    weather: calm,
    ...replacing({ [IF_NO_GRANT]: 'case when true then wanted.event_if_no_grant' }),
    plant: everyMall(({ queues }, mallId) => {
      queues.send('exchange', { mallId, code: UNKNOWN_CODE });
    }),
  },

  "a code's failure of a mall without a grant is kept quiet": {
    kind: 'missing-outcome',
    text: "a code's failure without event",
    weather: calm,
    ...replacing({ [IF_NO_GRANT]: 'case when false then wanted.event_if_no_grant' }),
    plant: whileFailing(({ queues }) => {
      queues.send('exchange', { mallId: 'nobodys-mall', code: UNKNOWN_CODE });
    }),
  },
} satisfies Record<string, Fault>;
