import { z } from 'zod';
import { MARK_SECONDS, type CodeAnnouncements } from '../grants/announcements.ts';
import { CODE_LIFE, isSecondCopy } from './begin-exchange.ts';
import type { Database } from './database.ts';
import { inLockOrder } from './lock-order.ts';

const MarkedRow = z.object({ mall_id: z.string(), id: z.string(), announcement_id: z.uuid() });

const NewestRow = z.discriminatedUnion('state', [
  MarkedRow.extend({ state: z.literal('marked') }),
  MarkedRow.extend({
    state: z.enum(['announced', 'exchanging', 'exchanged', 'expired', 'rejected', 'superseded']),
    announcement_id: z.uuid().nullable(),
  }),
]);

/** The announcements of codes in `cafe24.oauth_authorization_codes`. */
export function postgresAnnouncements(database: Database): CodeAnnouncements {
  return {
    async markWaiting(malls, limit) {
      const values = [malls, limit];
      const rows = await database.run({ text: MARK_WAITING, values, row: MarkedRow });
      return rows.map(({ mall_id: mallId, id: codeId, announcement_id: eventId }) => ({
        mallId,
        codeId,
        eventId,
      }));
    },

    async markNewest(mallId) {
      const values = [mallId];
      const [row] = await database.run({ text: MARK_NEWEST, values, row: NewestRow });
      if (row === undefined) return undefined;
      const codeId = row.id;
      return row.state === 'marked'
        ? { mallId, codeId, state: row.state, eventId: row.announcement_id }
        : { mallId, codeId, state: row.state, eventId: row.announcement_id ?? undefined };
    },

    async confirm(codeIds) {
      await database.run({
        text: `
          with held as (
            select id from cafe24.oauth_authorization_codes
             where id = any($1) ${inLockOrder('oauth_authorization_codes')})
          update cafe24.oauth_authorization_codes code set announce_again_at = 'infinity'
            from held where code.id = held.id`,
        values: [codeIds],
        row: z.unknown(),
      });
    },
  };
}

const SET_MARK = `
  set announce_again_at = cafe24.clock() + interval '${String(MARK_SECONDS)} seconds',
      announcement_id = coalesce(code.announcement_id, gen_random_uuid())`;

/**
 * Rows that another run marks, or an exchange moves on, are skipped, not waited for: somebody is at
 * them. The clock stands in subqueries, which are evaluated once, so that an index can serve.
 */
const MARK_WAITING = `
  with waiting as (
    select id from cafe24.oauth_authorization_codes
     where status = 'received' and mall_id = any($1)
       and received_at > (select cafe24.clock()) - interval '${CODE_LIFE}'
       and announce_again_at <= (select cafe24.clock())
     order by received_at, id limit $2
       for update skip locked)
  update cafe24.oauth_authorization_codes code ${SET_MARK}
    from waiting where code.id = waiting.id
  returning code.mall_id, code.id, code.announcement_id`;

/** Who waits here for another run's mark sees it then: a locked row is read in its newest version. */
const MARK_NEWEST = `
  with newest as (
    select id, mall_id, status, received_at, announcement_id
      from cafe24.oauth_authorization_codes code
     where mall_id = $1 and not ${isSecondCopy('code')} order by received_at desc, id desc limit 1
       for update),
  marked as (
    update cafe24.oauth_authorization_codes code ${SET_MARK}
      from newest
     where code.id = newest.id and code.status = 'received'
       and code.received_at > cafe24.clock() - interval '${CODE_LIFE}'
       and code.announce_again_at <= cafe24.clock()
    returning code.id, code.announcement_id)
  select newest.mall_id, newest.id,
         coalesce(marked.announcement_id, newest.announcement_id) as announcement_id,
         case when marked.id is not null then 'marked'
              when newest.status <> 'received' then newest.status
              when newest.received_at <= cafe24.clock() - interval '${CODE_LIFE}' then 'expired'
              else 'announced' end as state
    from newest left join marked on true`;
