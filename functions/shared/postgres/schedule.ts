import { z } from 'zod';
import { OwnError } from '../errors.ts';
import type { RefreshSchedule } from '../grants/schedule.ts';
import type { Database } from './database.ts';
import { inLockOrder } from './lock-order.ts';
import { isActive, ofClient } from './rows-of-others.ts';

/** How long refusals that no table knows must go on before a person is told. */
export const LASTING = '24 hours';

/** What an event can say of a time. */
const [FIRST_YEAR, LAST_YEAR] = [new Date('0001-01-01'), new Date('9999-12-31')];

/**
 * No row may cost the others of its page: what an event can't say is judged when the warning is made.
 */
const DueRow = z.object({
  mall_id: z.string(),
  version: z.coerce.number(),
  // pg reads `infinity` as a number, and other software any year.
  expires_at: z.date().min(FIRST_YEAR).max(LAST_YEAR).optional().catch(undefined),
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
      await database.run({ text: CONFIRM_WARNED, values: [mallIds], row: z.unknown() });
    },
    async prospects() {
      const [row] = await database.run({
        text: PROSPECTS,
        values: [clientId ?? null],
        row: z.object({ ending: z.int(), are_all_of_others: z.boolean() }),
      });
      if (row === undefined) throw new OwnError('A count has brought no row.');
      return { endingSoon: row.ending, areAllOfOthers: row.are_all_of_others };
    },
    async lastingRefusals() {
      const values = [clientId ?? null];
      const rows = await database.run({ text: LASTING_REFUSALS, values, row: MallRow });
      return rows.map((row) => row.mall_id);
    },
  };
}

const CONFIRM_WARNED = `
  with held as (
    select mall_id from cafe24.refresh_schedule
     where mall_id = any($1) ${inLockOrder('refresh_schedule')})
  update cafe24.refresh_schedule schedule
     set warn_again_at = cafe24.clock() + interval '5 minutes'
    from held
   where schedule.mall_id = held.mall_id and schedule.warn_again_at > cafe24.clock()`;

const MallRow = z.object({ mall_id: z.string() });

/** Who tells it first tells it for a day: of sweeps at once the second waits, and finds it told. */
const LASTING_REFUSALS = `
  with refused as (
    select mall_id
      from cafe24.refresh_schedule schedule join cafe24.oauth_tokens token using (mall_id)
     where schedule.unrecognized_since <= (select cafe24.clock() - interval '${LASTING}')
       and not schedule.reauthorization_told
       and ${isActive('token')} and ${ofClient('token', '$1')}),
  told as (
    update cafe24.refresh_settings set refusals_told_at = cafe24.clock()
     where coalesce(refusals_told_at, '-infinity') <= cafe24.clock() - interval '${LASTING}'
       and exists (select from refused)
    returning only_row)
  select mall_id from refused where exists (select from told)`;

/** Whose grants there are is looked at until the first of ours is found. */
const PROSPECTS = `
  select count(*)::int as ending,
         exists (select from cafe24.oauth_tokens any_of where ${isActive('any_of')})
           and not exists (
             select from cafe24.oauth_tokens ours
              where ${isActive('ours')} and ${ofClient('ours', '$1')}) as are_all_of_others
    from cafe24.oauth_tokens token
   where ${isActive('token')} and ${ofClient('token', '$1')}
     and refresh_token_expires_at < (select cafe24.clock() + interval '3 days')`;

/**
 * The clock stands in a subquery, which is evaluated once: only so can the index on `due_at` serve.
 * Rows that another sweep is marking are skipped, not waited for. A schedule without a grant takes
 * no place of the page, or a thousand of them would leave none for the living; nor does a mall that rests,
 * which a warning would not move.
 */
export const MARK_DUE = `
  with due as (
    select mall_id from cafe24.refresh_schedule schedule
     where due_at <= (select cafe24.clock()) and warn_again_at <= (select cafe24.clock())
       and rest_until <= (select cafe24.clock())
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
            case when not ${isActive('token')} then 'retry'
                 when schedule.wish_version = token.version then 'rejected'
                 else 'expiring' end as reason`;
