import { z } from 'zod';
import type { RefreshSchedule } from '../grants/schedule.ts';
import type { Database } from './database.ts';
import { inLockOrder } from './lock-order.ts';
import { ofClient } from './of-client.ts';

const DueRow = z.object({
  mall_id: z.string(),
  version: z.coerce.number().int(),
  // pg reads `infinity` as a number.
  expires_at: z.date().optional().catch(undefined),
  reason: z.enum(['expiring', 'rejected', 'retry']),
});

/**
 * The schedule of Cafe24 malls, in `cafe24.refresh_schedule`.
 *
 * @param clientId grants of other clients are left alone.
 */
export function postgresSchedule(database: Database, clientId?: string): RefreshSchedule {
  return {
    async markDue(limit) {
      const values = [limit, clientId ?? null];
      const rows = await database.run({ text: MARK_DUE, values, row: DueRow });
      return rows.map(({ mall_id: mallId, version, expires_at: expiresAt, reason }) => ({
        mallId,
        version,
        expiresAt,
        reason,
      }));
    },
    async confirmWarned(mallIds) {
      await database.run({
        text: `
          with held as (
            select mall_id from cafe24.refresh_schedule
             where mall_id = any($1) ${inLockOrder('refresh_schedule')})
          update cafe24.refresh_schedule schedule
             set warn_again_at = cafe24.clock() + interval '5 minutes'
            from held
           where schedule.mall_id = held.mall_id and schedule.warn_again_at > cafe24.clock()`,
        values: [mallIds],
        row: z.unknown(),
      });
    },
    async prospects() {
      const [row] = await database.run({
        text: PROSPECTS,
        values: [clientId ?? null],
        row: z.object({ ending: z.int(), are_all_of_others: z.boolean() }),
      });
      if (row === undefined) throw new Error('A count has brought no row.');
      return { endingSoon: row.ending, areAllOfOthers: row.are_all_of_others };
    },
  };
}

/** Whose grants there are is looked at until the first of ours is found. */
const PROSPECTS = `
  select count(*)::int as ending,
         exists (select from cafe24.oauth_tokens where status = 'active')
           and not exists (
             select from cafe24.oauth_tokens ours
              where ours.status = 'active' and ${ofClient('ours', '$1')}) as are_all_of_others
    from cafe24.oauth_tokens token
   where status = 'active' and ${ofClient('token', '$1')}
     and refresh_token_expires_at < (select cafe24.clock() + interval '3 days')`;

/**
 * The clock stands in a subquery, which is evaluated once: only so can the index on `due_at` serve.
 * Rows that another sweep is marking are skipped, not waited for. A schedule without a grant takes
 * no place of the page, or a thousand of them would leave none for the living.
 */
export const MARK_DUE = `
  with due as (
    select mall_id from cafe24.refresh_schedule schedule
     where due_at <= (select cafe24.clock()) and warn_again_at <= (select cafe24.clock())
       and exists (
         select from cafe24.oauth_tokens token
          where token.mall_id = schedule.mall_id and ${ofClient('token', '$2')})
     order by due_at limit $1
       for update skip locked)
  update cafe24.refresh_schedule schedule
     set warned_version = token.version, warn_again_at = cafe24.clock() + interval '2 minutes'
    from due join cafe24.oauth_tokens token using (mall_id)
   where schedule.mall_id = due.mall_id
  returning schedule.mall_id, token.version, token.expires_at,
            case when token.status <> 'active' then 'retry'
                 when schedule.wish_version = token.version then 'rejected'
                 else 'expiring' end as reason`;
