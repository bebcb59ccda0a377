import { byHand, calm, everyMall, whileFailing, type Fault } from './fault.ts';
import { replacing } from './rewriting.ts';

const UNKNOWN_CODE = 'never-issued';
const IF_NO_GRANT = "case when token.status is distinct from 'active'";

/** What becomes of codes. */
export const FAULTS_OF_CODES = {
  'recovery forgets codes that nobody announced': {
    kind: 'stuck-code',
    text: '"status":"received"',
    weather: calm,
    ...replacing({ 'limit $1': 'limit $1 * 0' }, 'code.received_at'),
    plant: byHand(`
      insert into cafe24.oauth_authorization_codes (mall_id, code, received_at)
      select mall_id, '${UNKNOWN_CODE}', cafe24.clock() from cafe24.oauth_tokens`),
  },

  'a code that is being redeemed by nobody': {
    kind: 'stuck-code',
    text: '"status":"exchanging"',
    weather: calm,
    plant: byHand(`
      insert into cafe24.oauth_authorization_codes (mall_id, code, received_at, status)
      select mall_id, '${UNKNOWN_CODE}', cafe24.clock(), 'exchanging' from cafe24.oauth_tokens`),
  },

  "a code's failure asks for a new authorization of a living grant": {
    kind: 'outcome-against-the-row',
    text: "a code's failure of a living grant",
    weather: calm,
    ...replacing({ [IF_NO_GRANT]: 'case when true' }),
    plant: everyMall(({ queues }, mallId) => {
      queues.send('exchange', { mallId, code: UNKNOWN_CODE });
    }),
  },

  "a code's failure of a mall without a grant is kept quiet": {
    kind: 'missing-outcome',
    text: "a code's failure without event",
    weather: calm,
    ...replacing({ [IF_NO_GRANT]: 'case when false' }),
    plant: whileFailing(({ queues }) => {
      queues.send('exchange', { mallId: 'nobodys-mall', code: UNKNOWN_CODE });
    }),
  },
} satisfies Record<string, Fault>;
