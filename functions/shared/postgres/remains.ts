import { z } from 'zod';
import type { Remains } from '../grants/recovery.ts';
import type { Database } from './database.ts';
import {
  finishedColumns,
  FinishedRow,
  OutcomeEventRow,
  rowToFinishedAttempt,
} from './finished-attempts.ts';

const DeadRow = z.object({
  attempt_id: z.uuid(),
  grant_type: z.enum(['authorization_code', 'refresh_token']),
  mall_id: z.string(),
  base_version: z.coerce.number().int(),
});
const CodeRow = z.object({ mall_id: z.string(), id: z.string() });
/** What is no event becomes one that no bus takes: it fails by itself, and not the page that it is on. */
const UnpublishedRow = FinishedRow.extend({
  mall_id: z.string(),
  event: OutcomeEventRow.catch({ detailType: 'unreadable', detail: {} }),
});

/**
 * What dead processes left of Cafe24's attempts, codes and outcomes.
 *
 * @param malls codes of others are left alone: in a table that other software shares they are that
 *   software's. Without it, codes of all malls are looked at.
 */
export function postgresRemains(database: Database, malls?: readonly string[]): Remains {
  const codes = async (text: string, limit: number) => {
    const rows = await database.run({ text, values: [limit, malls ?? null], row: CodeRow });
    return rows.map(({ mall_id: mallId, id: codeId }) => ({ mallId, codeId }));
  };
  return {
    async deadAttempts(limit) {
      const rows = await database.run({ text: DEAD_ATTEMPTS, values: [limit], row: DeadRow });
      return rows.map((row) => ({
        attemptId: row.attempt_id,
        grantType: row.grant_type,
        subject: row.mall_id,
        baseVersion: row.base_version,
      }));
    },
    youngCodes: (limit) => codes(YOUNG_CODES, limit),
    oldCodes: (limit) => codes(OLD_CODES, limit),
    async unpublished(limit, except) {
      const values = [limit, except];
      const rows = await database.run({ text: UNPUBLISHED, values, row: UnpublishedRow });
      return rows.map((row) => ({ ...rowToFinishedAttempt(row), subject: row.mall_id }));
    },
    async prune() {
      await database.run({ text: PRUNE_ATTEMPTS, values: [], row: z.unknown() });
      await database.run({ text: PRUNE_CODES, values: [], row: z.unknown() });
      const states = await database.run({ text: PRUNE_STATES, values: [], row: z.unknown() });
      return { isMoreLeft: states.length === PRUNED };
    },
  };
}

const DEAD_ATTEMPTS = `
  select attempt_id, grant_type, mall_id, coalesce(base_version, 0) as base_version
    from cafe24.token_attempts
   where finished_at is null and lease_until <= (select cafe24.clock())
   order by lease_until limit $1`;

/** A code that waits, whose mall is served and has no attempt under way. */
const waitingCodes = (age: string) => `
  select code.mall_id, code.id
    from cafe24.oauth_authorization_codes code
   where code.status = 'received' and ${age}
     and ($2::text[] is null or code.mall_id = any($2))
     and not exists (
       select from cafe24.token_attempts attempt
        where attempt.mall_id = code.mall_id and attempt.grant_type = 'authorization_code'
          and attempt.finished_at is null)
   order by code.received_at, code.id limit $1`;

const YOUNG_CODES = waitingCodes(
  `code.received_at between cafe24.clock() - interval '60 seconds'
                        and cafe24.clock() - interval '10 seconds'`,
);
const OLD_CODES = waitingCodes(`code.received_at < cafe24.clock() - interval '75 seconds'`);

const UNPUBLISHED = `
  select ${finishedColumns('attempt')}, mall_id from cafe24.token_attempts attempt
   where event is not null and published_at is null
     and finished_at < cafe24.clock() - interval '30 seconds' and lease_until <= cafe24.clock()
     and mall_id <> all($2::text[])
   order by mall_id, attempt_no limit $1`;

/**
 * Of each kind in one call: each minute twice the attempts that 100,000 malls leave in that time. Of
 * states anybody can leave as many as the route's throttle lets through: of them call follows call.
 */
const PRUNED = 2_000;

/**
 * The oldest first, over indexes: the clock stands in subqueries, which are evaluated once. Two runs
 * at once: what one of them prunes the other skips, or they would deadlock.
 */
const PRUNE_ATTEMPTS = `
  with prunable as (
    select attempt_id from cafe24.token_attempts outdated
     where finished_at < (select cafe24.clock() - interval '90 days')
       and (event is null or published_at is not null)
       and exists (
         select from cafe24.token_attempts newer
          where newer.mall_id = outdated.mall_id and newer.attempt_no > outdated.attempt_no)
     order by finished_at limit ${String(PRUNED)}
       for update skip locked)
  delete from cafe24.token_attempts old using prunable where old.attempt_id = prunable.attempt_id`;

const PRUNE_CODES = `
  with prunable as (
    select id from cafe24.oauth_authorization_codes outdated
     where received_at < (select cafe24.clock() - interval '90 days')
       and status not in ('received', 'exchanging')
       and not exists (
         select from cafe24.token_attempts attempt where attempt.code_id = outdated.id)
     order by received_at limit ${String(PRUNED)}
       for update skip locked)
  delete from cafe24.oauth_authorization_codes old using prunable where old.id = prunable.id`;

const PRUNE_STATES = `
  with prunable as (
    select state_sha256 from cafe24.oauth_states where expires_at <= (select cafe24.clock())
     order by expires_at limit ${String(PRUNED)}
       for update skip locked)
  delete from cafe24.oauth_states old using prunable
   where old.state_sha256 = prunable.state_sha256
  returning old.mall_id`;
