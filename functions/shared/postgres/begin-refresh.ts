import { z } from 'zod';
import type { BeginRefresh, RefreshBegun } from '../grants/refresh-ports.ts';
import type { Database } from './database.ts';
import { isActive, ofClient } from './rows-of-others.ts';

type Run = Database['run'];

const LeaseRow = z.object({ attempt_id: z.uuid() });

/**
 * First statement of begin. Who inserts the row alone refreshes the mall. Sorted by mall, so that
 * two sets do not deadlock; of several warnings about one mall the newest comes first.
 *
 * @returns the ids of the attempts that have a lease.
 */
export async function takeRefreshLeases(
  run: Run,
  requests: readonly BeginRefresh[],
): Promise<ReadonlySet<string>> {
  const won = await run({
    text: `
      insert into cafe24.token_attempts (attempt_id, mall_id, grant_type, started_at, lease_until)
      select wanted.attempt_id, token.mall_id, 'refresh_token', cafe24.clock(),
             cafe24.clock() + make_interval(secs => wanted.lease_ms / 1000)
        from unnest($1::uuid[], $2::text[], $3::bigint[], $4::double precision[])
               as wanted (attempt_id, mall_id, version, lease_ms)
        join cafe24.oauth_tokens token using (mall_id)
       order by token.mall_id, wanted.version desc
      on conflict (mall_id, grant_type) where finished_at is null do nothing
      returning attempt_id`,
    values: [...wantedValues(requests), requests.map(({ leaseMs }) => leaseMs)],
    row: LeaseRow,
  });
  return new Set(won.map((row) => row.attempt_id));
}

const DecisionRow = z.discriminatedUnion('verdict', [
  z.object({
    verdict: z.literal('refreshing'),
    attempt_id: z.uuid(),
    mall_id: z.string(),
    version: z.coerce.number().int(),
    refresh_token: z.string(),
  }),
  z.object({
    verdict: z.enum([
      'no-grant',
      'of-another-client',
      'in-progress',
      'overtaken',
      'resting',
      'marked',
    ]),
    attempt_id: z.uuid(),
  }),
]);

/**
 * Second statement of begin, with a snapshot younger than the leases: an older one would show the
 * refresh tokens that other attempts have just spent. A lease that is not needed leaves no trace.
 *
 * @returns by attempt id, for each of them: also where a mall's rows are gone meanwhile.
 */
export async function decideRefreshes(
  run: Run,
  requests: readonly BeginRefresh[],
  clientId: string | undefined,
): Promise<ReadonlyMap<string, RefreshBegun>> {
  const values = [...wantedValues(requests), clientId ?? null];
  const rows = await run({ text: DECIDE, values, row: DecisionRow });
  return new Map(rows.map((row) => [row.attempt_id, rowToBegun(row)]));
}

function wantedValues(requests: readonly BeginRefresh[]): readonly (readonly unknown[])[] {
  return [
    requests.map(({ attemptId }) => attemptId),
    requests.map(({ subject }) => subject),
    requests.map(({ version }) => version),
  ];
}

function rowToBegun(row: z.output<typeof DecisionRow>): RefreshBegun {
  if (row.verdict !== 'refreshing') return { kind: 'not-needed', because: row.verdict };
  const attempt = {
    attemptId: row.attempt_id,
    grantType: 'refresh_token',
    subject: row.mall_id,
    baseVersion: row.version,
  } as const;
  return { kind: 'begun', attempt, refreshToken: row.refresh_token };
}

/**
 * Outer joins, since a request that brought no row here would keep its lease until that ends. A mall
 * without a schedule does not rest, and its commit makes it a new one; a marked one has no try due.
 */
const DECIDE = `
  with decision as (
    select wanted.attempt_id, wanted.mall_id, token.version, token.refresh_token,
           case
             when token.mall_id is null then 'no-grant'
             when not ${ofClient('token', '$4')} then 'of-another-client'
             when exists (
               select from cafe24.token_attempts exchange
                where exchange.mall_id = token.mall_id
                  and exchange.grant_type = 'authorization_code'
                  and exchange.finished_at is null and exchange.lease_until > cafe24.clock())
               then 'in-progress'
             when token.version > wanted.version then 'overtaken'
             when schedule.rest_until > cafe24.clock() then 'resting'
             when not ${isActive('token')}
                  and coalesce(schedule.due_at, 'infinity') > cafe24.clock() then 'marked'
             else 'refreshing'
           end as verdict
      from unnest($1::uuid[], $2::text[], $3::bigint[])
             as wanted (attempt_id, mall_id, version)
      left join cafe24.oauth_tokens token using (mall_id)
      left join cafe24.refresh_schedule schedule using (mall_id)),
  begun as (
    update cafe24.token_attempts attempt set base_version = decision.version
      from decision
     where attempt.attempt_id = decision.attempt_id and decision.verdict = 'refreshing'),
  given_back as (
    delete from cafe24.token_attempts attempt
     using decision
     where attempt.attempt_id = decision.attempt_id and decision.verdict <> 'refreshing')
  select attempt_id, mall_id, verdict, version, refresh_token from decision`;
