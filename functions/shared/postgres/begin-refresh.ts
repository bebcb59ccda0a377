import { z } from 'zod';
import type { BeginRefresh, NotNeeded, RefreshBegun } from '../grants/refresh-ports.ts';
import type { Database } from './database.ts';

type Run = Database['run'];

/** First statement of begin. Who inserts the row alone refreshes the mall. */
export async function takeRefreshLease(run: Run, request: BeginRefresh): Promise<boolean> {
  const won = await run({
    text: `
      insert into cafe24.token_attempts (attempt_id, mall_id, grant_type, started_at, lease_until)
      select $1, mall_id, 'refresh_token', cafe24.clock(),
             cafe24.clock() + make_interval(secs => $3::double precision / 1000)
        from cafe24.oauth_tokens where mall_id = $2
      on conflict (mall_id, grant_type) where finished_at is null do nothing
      returning attempt_id`,
    values: [request.attemptId, request.subject, request.leaseMs],
    row: z.unknown(),
  });
  return won.length > 0;
}

const DecisionRow = z.object({
  verdict: z.enum(['refreshing', 'in-progress', 'overtaken', 'resting', 'marked']),
  version: z.coerce.number().int(),
  refresh_token: z.string(),
});

/**
 * Second statement of begin, with a snapshot younger than the lease: an older one would show the
 * refresh token that another attempt has just spent. A lease that is not needed leaves no trace.
 */
export async function decideRefresh(run: Run, request: BeginRefresh): Promise<RefreshBegun> {
  const { attemptId, subject, version } = request;
  const [row] = await run({
    text: DECIDE,
    values: [attemptId, subject, version],
    row: DecisionRow,
  });
  if (row === undefined) return { kind: 'not-needed', because: 'no-grant' };
  if (row.verdict !== 'refreshing') return { kind: 'not-needed', because: row.verdict };
  const attempt = {
    attemptId,
    grantType: 'refresh_token',
    subject,
    baseVersion: row.version,
  } as const;
  return { kind: 'begun', attempt, refreshToken: row.refresh_token };
}

const DECIDE = `
  with decision as (
    select token.version, token.refresh_token,
           case
             when exists (
               select from cafe24.token_attempts exchange
                where exchange.mall_id = token.mall_id
                  and exchange.grant_type = 'authorization_code'
                  and exchange.finished_at is null and exchange.lease_until > cafe24.clock())
               then 'in-progress'
             when token.version > $3 then 'overtaken'
             when schedule.rest_until > cafe24.clock() then 'resting'
             when token.status <> 'active' and schedule.due_at > cafe24.clock() then 'marked'
             else 'refreshing'
           end as verdict
      from cafe24.oauth_tokens token
      join cafe24.refresh_schedule schedule using (mall_id)
     where token.mall_id = $2),
  begun as (
    update cafe24.token_attempts attempt set base_version = decision.version
      from decision where attempt.attempt_id = $1 and decision.verdict = 'refreshing'),
  given_back as (
    delete from cafe24.token_attempts attempt
     using decision where attempt.attempt_id = $1 and decision.verdict <> 'refreshing')
  select verdict, version, refresh_token from decision`;

const StandingRow = z.object({
  attempt_id: z.uuid(),
  base_version: z.coerce.number().int(),
  lease_lives: z.boolean(),
});

/** The lease was not to be had: does its holder live, or is there no row at all? */
export async function whyNoRefreshLease(
  run: Run,
  { subject }: BeginRefresh,
): Promise<RefreshBegun> {
  const [row] = await run({
    text: `
      select attempt_id, coalesce(base_version, 0) as base_version,
             lease_until > cafe24.clock() as lease_lives
        from cafe24.token_attempts
       where mall_id = $1 and grant_type = 'refresh_token' and finished_at is null`,
    values: [subject],
    row: StandingRow,
  });
  if (row === undefined) return { kind: 'not-needed', because: await absence(run, subject) };
  if (row.lease_lives) return { kind: 'not-needed', because: 'in-progress' };
  const { attempt_id: attemptId, base_version: baseVersion } = row;
  return {
    kind: 'left-behind',
    attempt: { attemptId, grantType: 'refresh_token', subject, baseVersion },
  };
}

/** Without a holder: there is no row, or the holder finished between our two looks. */
async function absence(run: Run, subject: string): Promise<NotNeeded> {
  const rows = await run({
    text: 'select from cafe24.oauth_tokens where mall_id = $1',
    values: [subject],
    row: z.unknown(),
  });
  return rows.length === 0 ? 'no-grant' : 'in-progress';
}
