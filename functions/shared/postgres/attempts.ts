import { z } from 'zod';
import type { Attempts, Closure, FinishedAttempt, OutcomeEvent } from '../grants/ports.ts';
import type { Database, Statement } from './database.ts';

export const OutcomeEventRow = z.object({
  detailType: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

/** Columns of a finished attempt; `event` is null once it is published. */
export const FinishedRow = z.object({
  attempt_id: z.uuid(),
  outcome: z.string(),
  event: OutcomeEventRow.nullable(),
});
export const FINISHED_COLUMNS = `attempt_id, outcome,
  case when published_at is null then event end as event`;

export function rowToFinishedAttempt(row: z.output<typeof FinishedRow>): FinishedAttempt {
  return {
    attemptId: row.attempt_id,
    outcome: row.outcome,
    unpublished: row.event ?? undefined,
  };
}

/** What becomes of the code when its attempt ends so: `received` codes may be tried again. */
const CODE_STATUS: Record<Closure['outcome'], 'received' | 'rejected'> = {
  rejected: 'rejected',
  unknown: 'rejected',
  failed: 'received',
  misconfigured: 'received',
  'not-started': 'received',
  abandoned: 'received',
};

/** The attempts of Cafe24 malls, in `cafe24.token_attempts`. */
export function postgresAttempts(database: Database): Attempts {
  return {
    async close(attemptId, closure) {
      const [closed] = await database.run(closeStatement(attemptId, closure));
      return closed === undefined
        ? await readFinished(database, attemptId)
        : rowToFinishedAttempt(closed);
    },
    async endLease(attemptId) {
      await database.run({
        text: 'update cafe24.token_attempts set lease_until = cafe24.clock() where attempt_id = $1',
        values: [attemptId],
        row: z.unknown(),
      });
    },
    async markPublished(attemptId) {
      await database.run({
        text: `update cafe24.token_attempts set published_at = cafe24.clock()
                where attempt_id = $1 and published_at is null`,
        values: [attemptId],
        row: z.unknown(),
      });
    },
  };
}

/** @throws Error (unknown: retry) there is no finished attempt of that id. */
export async function readFinished(
  database: Database,
  attemptId: string,
): Promise<FinishedAttempt> {
  const [found] = await database.run({
    text: `select ${FINISHED_COLUMNS} from cafe24.token_attempts
            where attempt_id = $1 and finished_at is not null`,
    values: [attemptId],
    row: FinishedRow,
  });
  if (found === undefined) throw new Error(`Attempt ${attemptId} is not finished.`);
  return rowToFinishedAttempt(found);
}

function closeStatement(attemptId: string, closure: Closure): Statement<typeof FinishedRow> {
  const { outcome, reason, mayHaveRotated = false, event, eventIfNoGrant } = closure;
  const toJson = (it: OutcomeEvent | undefined) => (it === undefined ? null : JSON.stringify(it));
  const codeStatus = CODE_STATUS[outcome];
  return {
    text: CLOSE,
    values: [
      ...[attemptId, outcome, reason, mayHaveRotated || outcome === 'abandoned'],
      ...[toJson(event), toJson(eventIfNoGrant), codeStatus],
    ],
    row: FinishedRow,
  };
}

/**
 * One statement: the attempt, its code and its mall's schedule change together. A refresh that got
 * no grant rests for a minute, and twice as long with each further one, an hour at most.
 */
const CLOSE = `
  with closed as (
    update cafe24.token_attempts attempt
       set finished_at = cafe24.clock(), outcome = $2, reason = $3, may_have_rotated = $4,
           event = jsonb_set(
             coalesce($5::jsonb, case when token.status is distinct from 'active' then $6::jsonb end),
             '{detail,version}', to_jsonb(coalesce(token.version, 0)))
      from (select $1::uuid as attempt_id) wanted
           join cafe24.token_attempts mine using (attempt_id)
           left join cafe24.oauth_tokens token on token.mall_id = mine.mall_id
     where attempt.attempt_id = wanted.attempt_id and attempt.finished_at is null
    returning attempt.attempt_id, attempt.outcome, attempt.event, attempt.published_at,
              attempt.code_id, attempt.mall_id, attempt.grant_type),
  code as (
    update cafe24.oauth_authorization_codes code set status = $7
      from closed where code.id = closed.code_id and code.status = 'exchanging'),
  rested as (
    update cafe24.refresh_schedule schedule
       set failures = schedule.failures + 1, warn_again_at = '-infinity', rest_until = rest.until,
           due_at = rest.until
      from closed
           join cafe24.refresh_schedule mine using (mall_id)
           cross join lateral (
             select cafe24.clock() + interval '1 minute' * least(60, 2 ^ mine.failures) as until) rest
     where schedule.mall_id = closed.mall_id and closed.grant_type = 'refresh_token'
       and closed.outcome in ('failed', 'abandoned'))
  select ${FINISHED_COLUMNS} from closed`;
