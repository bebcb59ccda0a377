import { z } from 'zod';
import { cleaned } from '#events/text.ts';
import { eventInOwnWords } from '../cafe24/own-words.ts';
import type { Attempts, Closure, FinishedAttempt, OutcomeEvent } from '../grants/ports.ts';
import type { Database } from './database.ts';
import { endsOf, finishedColumns, FinishedRow } from './finished-attempts.ts';
import { inLockOrder } from './lock-order.ts';
import { gathered, gatherFor25Ms, gatherFor2Ms, type Gather } from './gathered.ts';
import { isActive, ofClient } from './rows-of-others.ts';
import { LASTING } from './schedule.ts';
import { unlessRefused } from './unless-refused.ts';

/** What becomes of the code when its attempt ends so: `received` codes may be tried again. */
const CODE_STATUS: Record<Closure['outcome'], 'received' | 'rejected'> = {
  rejected: 'rejected',
  unknown: 'rejected',
  failed: 'received',
  misconfigured: 'received',
  'not-started': 'received',
  abandoned: 'received',
};

interface Closing {
  readonly attemptId: string;
  readonly closure: Closure;
  readonly leastRestSeconds: number | undefined;
}

/**
 * The attempts of Cafe24 malls, in `cafe24.token_attempts`. What is asked at the same time is asked
 * together.
 *
 * @param gather replaces every wait for others.
 * @param clientId what other clients are granted says nothing about ours.
 */
export function postgresAttempts(database: Database, gather?: Gather, clientId?: string): Attempts {
  const soon = gather ?? gatherFor2Ms;
  const close = gathered(
    (closings: readonly Closing[]) => closeTogether({ database, clientId }, closings),
    soon,
  );
  const change = (text: string, wait: Gather) =>
    gathered<string, undefined>(async (attemptIds) => {
      await database.run({ text, values: [attemptIds], row: z.unknown() });
      return attemptIds.map(() => undefined);
    }, wait);
  return {
    close: (attemptId, closure, { leastRestSeconds } = {}) =>
      unlessRefused(
        () => close({ attemptId, closure, leastRestSeconds }),
        () => close({ attemptId, closure: inOwnWords(closure, attemptId), leastRestSeconds }),
      ),
    endLease: change(END_LEASES, soon),
    markPublished: change(MARK_PUBLISHED, gather ?? gatherFor25Ms),
  };
}

function inOwnWords(closure: Closure, attemptId: string): Closure {
  const { event, eventIfNoGrant, eventIfLasting } = closure;
  return {
    ...closure,
    reason: cleaned(closure.reason),
    ...(event && { event: eventInOwnWords(event, attemptId) }),
    ...(eventIfNoGrant && { eventIfNoGrant: eventInOwnWords(eventIfNoGrant, attemptId) }),
    ...(eventIfLasting && { eventIfLasting: eventInOwnWords(eventIfLasting, attemptId) }),
  };
}

/** Two sets that lock what they share in one order wait for each other, and do not deadlock. */
const HELD = `
  with held as (
    select attempt_id from cafe24.token_attempts
     where attempt_id = any($1::uuid[]) ${inLockOrder('token_attempts')})`;

const END_LEASES = `${HELD}
  update cafe24.token_attempts attempt set lease_until = cafe24.clock()
    from held where attempt.attempt_id = held.attempt_id`;

const MARK_PUBLISHED = `${HELD}
  update cafe24.token_attempts attempt set published_at = cafe24.clock()
    from held where attempt.attempt_id = held.attempt_id and attempt.published_at is null`;

async function closeTogether(
  { database, clientId }: { readonly database: Database; readonly clientId: string | undefined },
  closings: readonly Closing[],
): Promise<readonly (FinishedAttempt | Error)[]> {
  const closed = await database.run({
    text: CLOSE,
    values: [
      closings.map(({ attemptId }) => attemptId),
      closings.map(({ closure }) => closure.outcome),
      closings.map(({ closure }) => closure.reason),
      closings.map(({ closure }) => closure.mayHaveRotated ?? closure.outcome === 'abandoned'),
      closings.map(({ closure }) => toJson(closure.event)),
      closings.map(({ closure }) => toJson(closure.eventIfNoGrant)),
      closings.map(({ closure }) => CODE_STATUS[closure.outcome]),
      closings.map(({ leastRestSeconds }) => leastRestSeconds ?? 0),
      closings.map(({ closure }) => toJson(closure.eventIfLasting)),
      clientId ?? null,
    ],
    row: FinishedRow,
  });
  const attemptIds = closings.map(({ attemptId }) => attemptId);
  return await endsOf((statement) => database.run(statement), attemptIds, closed);
}

function toJson(event: OutcomeEvent | undefined): string | null {
  return event === undefined ? null : JSON.stringify(event);
}

/**
 * Whether its mall's admin is to be told of refusals that no table knows. What others were granted while
 * this attempt was under way does not count: it may be the end of what this one was refused for.
 */
const IS_LASTING = `coalesce(
             wanted.event_if_lasting is not null and ${isActive('token')}
             and token.version = mine.base_version and not schedule.reauthorization_told
             and schedule.unrecognized_since <= cafe24.clock() - interval '${LASTING}'
             and exists (
               select from cafe24.refresh_schedule granted join cafe24.oauth_tokens other using (mall_id)
                where granted.granted_at > schedule.unrecognized_since
                  and granted.granted_at < mine.started_at and other.mall_id <> mine.mall_id
                  and ${ofClient('other', '$10')}), false)`;

/**
 * One statement: the attempt, its code and its mall's schedule change together. A refresh that got
 * no grant rests for a minute, and twice as long with each further one, or as long as the provider
 * asked for; an hour at most. (ClaroShop's rests are counted in `grants/rest.ts`.)
 *
 * What became of a refresh whose grant was replaced meanwhile says nothing about the new one: its
 * outcome names the version that it began with, and the new grant does not rest.
 *
 * A refusal in words that no table knows may be about the grant or about us, so it never changes the
 * row. A day after the first one, with no grant since, the mall's admin is told once, and only if our
 * client was granted something for another mall in the meantime: then it is not our client that is
 * refused. What says nothing in between (a 5xx, a timeout, an attempt given up) changes nothing.
 */
const CLOSE = `
  with wanted as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[], $5::jsonb[],
                         $6::jsonb[], $7::text[], $8::double precision[], $9::jsonb[])
      as wanted (attempt_id, outcome, reason, may_have_rotated, event, event_if_no_grant,
                 code_status, least_rest_seconds, event_if_lasting)),
  held_token as (
    select stored.mall_id, stored.version, stored.status from cafe24.oauth_tokens stored
     where stored.mall_id in (
             select mall_id from cafe24.token_attempts join wanted using (attempt_id)
              where finished_at is null)
           ${inLockOrder('oauth_tokens', 'stored')}),
  held as (
    select mine.attempt_id, token.version, token.status, ${IS_LASTING} as is_lasting
      from cafe24.token_attempts mine
           join wanted using (attempt_id)
           left join held_token token on token.mall_id = mine.mall_id
           left join cafe24.refresh_schedule schedule on schedule.mall_id = mine.mall_id
     where mine.finished_at is null ${inLockOrder('token_attempts', 'mine')}),
  closed as (
    update cafe24.token_attempts attempt
       set finished_at = cafe24.clock(), outcome = wanted.outcome, reason = wanted.reason,
           may_have_rotated = wanted.may_have_rotated,
           event = jsonb_set(
             coalesce(
               case when token.is_lasting then wanted.event_if_lasting end,
               wanted.event,
               case when not ${isActive('token')} then wanted.event_if_no_grant end),
             '{detail,version}',
             to_jsonb(coalesce(
               case when attempt.grant_type = 'refresh_token' then attempt.base_version
                    else token.version end, 0)))
      from wanted join held token using (attempt_id)
     where attempt.attempt_id = wanted.attempt_id and attempt.finished_at is null
    returning attempt.attempt_id, attempt.outcome, attempt.event, attempt.published_at,
              attempt.code_id, attempt.mall_id, attempt.grant_type, wanted.code_status,
              wanted.least_rest_seconds, attempt.base_version = token.version as is_current,
              token.is_lasting, wanted.event_if_lasting is not null as is_unrecognized,
              wanted.event_if_lasting is not null and not ${isActive('token')} as is_silent),
  held_code as (
    select code.id, closed.code_status
      from cafe24.oauth_authorization_codes code join closed on closed.code_id = code.id
     where code.status = 'exchanging' ${inLockOrder('oauth_authorization_codes', 'code')}),
  code as (
    update cafe24.oauth_authorization_codes code set status = held_code.code_status
      from held_code where code.id = held_code.id),
  held_schedule as (
    select schedule.mall_id, schedule.failures, closed.least_rest_seconds, closed.is_lasting,
           closed.is_unrecognized, closed.is_silent
      from cafe24.refresh_schedule schedule join closed using (mall_id)
     where closed.grant_type = 'refresh_token' and closed.outcome in ('failed', 'abandoned')
       and closed.is_current ${inLockOrder('refresh_schedule', 'schedule')}),
  rested as (
    update cafe24.refresh_schedule schedule
       set failures = schedule.failures + 1, warn_again_at = '-infinity', rest_until = rest.until,
           silent_tries = schedule.silent_tries + held_schedule.is_silent::int,
           due_at = case when not held_schedule.is_silent then rest.until
                         when schedule.silent_tries = 0 then cafe24.clock() + interval '24 hours'
                         else 'infinity' end,
           unrecognized_since = coalesce(
             schedule.unrecognized_since,
             case when held_schedule.is_unrecognized then cafe24.clock() end),
           reauthorization_told = schedule.reauthorization_told or held_schedule.is_lasting
      from held_schedule
           cross join lateral (
             select cafe24.clock() + make_interval(secs => least(
                      3600,
                      greatest(held_schedule.least_rest_seconds,
                               60 * 2 ^ least(held_schedule.failures, 6)))) as until) rest
     where schedule.mall_id = held_schedule.mall_id)
  select ${finishedColumns('closed')} from closed`;
