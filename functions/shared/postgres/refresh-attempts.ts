import { z } from 'zod';
import { eventInOwnWords } from '../cafe24/own-words.ts';
import type { Attempt, FinishedAttempt, OutcomeEvent } from '../grants/ports.ts';
import type { BeginRefresh, RefreshAttempts, RefreshBegun } from '../grants/refresh-ports.ts';
import { postgresAttempts } from './attempts.ts';
import { decideRefreshes, takeRefreshLeases } from './begin-refresh.ts';
import type { Database } from './database.ts';
import { endsOf, finishedColumns, FinishedRow, theEndOf } from './finished-attempts.ts';
import { gathered, gatherFor2Ms, type Gather } from './gathered.ts';
import { inLockOrder } from './lock-order.ts';
import { isActive } from './rows-of-others.ts';
import { unlessRefused } from './unless-refused.ts';
import { whyNoRefresh } from './why-no-refresh.ts';

/**
 * The refreshes of Cafe24 malls, in `cafe24.token_attempts` and `cafe24.refresh_schedule`. What is
 * asked at the same time is asked together, but for what follows a refusal, which is rare.
 *
 * @param gather replaces every wait for others.
 * @param clientId grants of other clients are left alone.
 */
export function postgresRefreshAttempts(
  database: Database,
  gather?: Gather,
  clientId?: string,
): RefreshAttempts {
  const run: Database['run'] = (statement) => database.run(statement);
  const soon = gather ?? gatherFor2Ms;
  const begin = gathered(
    (requests: readonly BeginRefresh[]) => beginTogether(database, requests, clientId),
    soon,
  );
  const whyNot = gathered((requests: readonly BeginRefresh[]) => whyNoRefresh(run, requests), soon);
  const wish = gathered((wishes: readonly Wish[]) => wishTogether(run, wishes), soon);
  return {
    ...postgresAttempts(database, gather, clientId),
    begin: async (request) => (await begin(request)) ?? (await whyNot(request)),
    wish: (subject, version) => wish({ subject, version }),
    async attemptsOf(subject, version) {
      const rows = await database.run({
        text: `select attempt_id from cafe24.token_attempts
                where mall_id = $1 and base_version = $2 and grant_type = 'refresh_token'`,
        values: [subject, version],
        row: z.object({ attempt_id: z.uuid() }),
      });
      return rows.map((row) => row.attempt_id);
    },
    async refuse(attempt, event) {
      return await unlessRefused(
        () => refuse(run, attempt, event),
        () => refuse(run, attempt, eventInOwnWords(event, attempt.attemptId)),
      );
    },
  };
}

/** `undefined` where a lease was not to be had. */
async function beginTogether(
  database: Database,
  requests: readonly BeginRefresh[],
  clientId: string | undefined,
): Promise<readonly (RefreshBegun | undefined)[]> {
  return await database.transaction(async (run) => {
    const won = await takeRefreshLeases(run, requests);
    const begun = requests.filter(({ attemptId }) => won.has(attemptId));
    if (begun.length === 0) return requests.map(() => undefined);
    const decided = await decideRefreshes(run, begun, clientId);
    return requests.map(({ attemptId }) => decided.get(attemptId));
  });
}

interface Wish {
  readonly subject: string;
  readonly version: number;
}

async function wishTogether(
  run: Database['run'],
  wishes: readonly Wish[],
): Promise<readonly undefined[]> {
  await run({
    text: `
      with wanted as (
        select schedule.mall_id, token.version
          from unnest($1::text[], $2::bigint[]) as wish (mall_id, version)
               join cafe24.oauth_tokens token using (mall_id, version)
               join cafe24.refresh_schedule schedule using (mall_id)
         where ${isActive('token')} ${inLockOrder('refresh_schedule', 'schedule')})
      update cafe24.refresh_schedule schedule
         set wish_version = wanted.version, due_at = least(due_at, cafe24.clock())
        from wanted
       where schedule.mall_id = wanted.mall_id
         and schedule.wish_version is distinct from wanted.version`,
    values: [wishes.map(({ subject }) => subject), wishes.map(({ version }) => version)],
    row: z.unknown(),
  });
  return wishes.map(() => undefined);
}

async function refuse(
  run: Database['run'],
  { attemptId }: Attempt,
  event: OutcomeEvent,
): Promise<FinishedAttempt> {
  const values = [attemptId, JSON.stringify(event)];
  const rows = await run({ text: REFUSE, values, row: FinishedRow });
  return theEndOf(await endsOf(run, [attemptId], rows));
}

/**
 * One statement: mark, attempt and schedule change together. The row is marked only if it still is
 * what the provider refused; a silent try of a marked row moves its schedule and tells nothing.
 */
const REFUSE = `
  with attempt as (
    select mine.attempt_id, mine.mall_id, mine.base_version, token.version,
           ${isActive('token')} as is_active,
           case when exists (
             select from cafe24.token_attempts earlier
              where earlier.mall_id = mine.mall_id and earlier.base_version = mine.base_version
                and earlier.grant_type = 'refresh_token' and earlier.may_have_rotated)
             then 'rotation-lost' else 'grant-revoked' end as reason,
           exists (
             select from cafe24.token_attempts exchange
              where exchange.mall_id = mine.mall_id and exchange.finished_at is null
                and exchange.grant_type = 'authorization_code'
                and exchange.lease_until > cafe24.clock()) as exchange_lives
      from cafe24.token_attempts mine
      join cafe24.oauth_tokens token on token.mall_id = mine.mall_id
     where mine.attempt_id = $1 and mine.finished_at is null),
  marked as (
    update cafe24.oauth_tokens token
       set status = 'reauthorization-required', updated_at = cafe24.clock()
      from attempt
     where token.mall_id = attempt.mall_id and token.version = attempt.base_version
       and ${isActive('token')} and not attempt.exchange_lives
    returning token.version),
  rested as (
    update cafe24.refresh_schedule schedule
       set silent_tries = case when attempt.is_active then silent_tries
                               else silent_tries + 1 end,
           due_at = case when attempt.is_active then cafe24.clock() + interval '1 minute'
                         when silent_tries = 0 then cafe24.clock() + interval '24 hours'
                         else 'infinity' end,
           rest_until = case when attempt.is_active
                             then cafe24.clock() + interval '1 minute' else rest_until end,
           warn_again_at = '-infinity'
      from attempt
     where schedule.mall_id = attempt.mall_id and attempt.version = attempt.base_version
       and (not attempt.is_active or attempt.exchange_lives))
  update cafe24.token_attempts finished
     set finished_at = cafe24.clock(), reason = attempt.reason,
         outcome = case
           when marked.version is not null then 'refused'
           when attempt.version <> attempt.base_version then 'overtaken'
           when attempt.exchange_lives then 'failed'
           when not attempt.is_active then 'refused'
           else 'overtaken' end,
         event = jsonb_set(
           jsonb_set($2::jsonb, '{detail,version}', to_jsonb(marked.version)),
           '{detail,reason}', to_jsonb(attempt.reason))
    from attempt left join marked on true
   where finished.attempt_id = attempt.attempt_id and finished.finished_at is null
  returning ${finishedColumns('finished')}`;
