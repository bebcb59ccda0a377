import { createHash } from 'node:crypto';
import { z } from 'zod';
import { STATE_LIFE_SECONDS, type AuthorizationStates } from '../cafe24/authorization-states.ts';
import { storingCodes } from './codes.ts';
import type { Database } from './database.ts';

/** States of Cafe24 authorizations, in `cafe24.oauth_states`. */
export function postgresStates(database: Database): AuthorizationStates {
  return {
    async issue({ state, browser }, mallId) {
      await database.run({
        text: `insert into cafe24.oauth_states (state_sha256, browser_sha256, mall_id, expires_at)
               values ($1, $2, $3, cafe24.clock() + make_interval(secs => $4))`,
        values: [sha256(state), sha256(browser), mallId, STATE_LIFE_SECONDS],
        row: z.unknown(),
      });
    },

    async consume({ state, browser }) {
      const [row] = await database.run({
        text: CONSUME,
        values: [sha256(state), sha256(browser)],
        row: z.object({ mall_id: z.string() }),
      });
      return row?.mall_id;
    },

    async consumeFor({ state, browser }, { code, receivedAt }) {
      const [row] = await database.run({
        text: `
          with consumed as (${CONSUME})
          ${storingCodes('select mall_id, $3::text, $4::timestamptz from consumed')}`,
        values: [sha256(state), sha256(browser), code, receivedAt.toISOString()],
        row: z.object({ mall_id: z.string(), id: z.string() }),
      });
      return row && { mallId: row.mall_id, codeId: row.id };
    },
  };
}

const CONSUME = `
  delete from cafe24.oauth_states
   where state_sha256 = $1 and browser_sha256 = $2 and expires_at > cafe24.clock()
  returning mall_id`;

/** Without salt or stretching: what is hashed are 32 random bytes. */
function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
