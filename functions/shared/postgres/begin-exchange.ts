import { z } from 'zod';
import type { BeginExchange, ExchangeBegun } from '../grants/exchange-ports.ts';
import type { Database } from './database.ts';
import { FinishedRow, rowToFinishedAttempt } from './finished-attempts.ts';
import { inLockOrder } from './lock-order.ts';
import { isActive } from './rows-of-others.ts';

/** Cafe24's documentation, read 2026-11: an authorization code lives 1 minute. */
export const CODE_LIFE = '60 seconds';

/** A code that other software stored once more: over from the start, and no newer one. */
export const isSecondCopy = (code: string) =>
  `(${code}.status = 'superseded' and ${code}.code_sha256 is null)`;

type Run = Database['run'];

const LeaseRow = z.object({ attempt_id: z.uuid() });

/**
 * First statement of begin. Who inserts the row has the mall to himself.
 *
 * Sorted by mall, as everywhere: two sets in opposite order would deadlock. Of several codes of one
 * mall the newest comes first, since the others are superseded by it.
 *
 * @returns the ids of the attempts that have a lease.
 */
export async function takeLeases(
  run: Run,
  requests: readonly BeginExchange[],
): Promise<ReadonlySet<string>> {
  const won = await run({
    text: `
      insert into cafe24.token_attempts
             (attempt_id, mall_id, grant_type, code_id, started_at, lease_until)
      select wanted.attempt_id, code.mall_id, 'authorization_code', code.id, cafe24.clock(),
             cafe24.clock() + make_interval(secs => wanted.lease_ms / 1000)
        from unnest($1::uuid[], $2::bigint[], $3::text[], $4::double precision[])
               as wanted (attempt_id, code_id, mall_id, lease_ms)
        join cafe24.oauth_authorization_codes code
          on code.id = wanted.code_id and code.mall_id = wanted.mall_id
       where code.status = 'received'
       order by code.mall_id, code.received_at desc, code.id desc
      on conflict (mall_id, grant_type) where finished_at is null do nothing
      returning attempt_id`,
    values: [
      requests.map(({ attemptId }) => attemptId),
      requests.map(({ codeId }) => codeId),
      requests.map(({ mallId }) => mallId),
      requests.map(({ leaseMs }) => leaseMs),
    ],
    row: LeaseRow,
  });
  return new Set(won.map((row) => row.attempt_id));
}

const DecisionRow = FinishedRow.extend({
  outcome: FinishedRow.shape.outcome.nullable(),
  mall_id: z.string(),
  base_version: z.coerce.number().int(),
  code: z.string(),
});

/**
 * Second statement of begin, with a snapshot younger than the leases: what becomes of the codes.
 *
 * @returns by attempt id. `undefined`: while we waited for the lease its last holder moved the code
 *   on; the attempt is closed as `taken` and the caller looks again.
 */
export async function decideExchanges(
  run: Run,
  requests: readonly BeginExchange[],
): Promise<ReadonlyMap<string, ExchangeBegun | undefined>> {
  const rows = await run({
    text: DECIDE,
    values: [
      requests.map(({ attemptId }) => attemptId),
      requests.map(({ codeId }) => codeId),
      requests.map(({ eventIfExpired }) => JSON.stringify(eventIfExpired)),
    ],
    row: DecisionRow,
  });
  return new Map(rows.map((row) => [row.attempt_id, rowToBegun(row)]));
}

const DECIDE = `
  with decision as (
    select wanted.attempt_id, wanted.event_if_expired, code.id, code.code,
           coalesce(token.version, 0) as base_version, token.status,
           case
             when code.status <> 'received' then 'taken'
             when exists (
               select from cafe24.oauth_authorization_codes newer
                where newer.mall_id = code.mall_id and not ${isSecondCopy('newer')}
                  and (newer.received_at, newer.id) > (code.received_at, code.id))
               then 'superseded'
             when cafe24.clock() - code.received_at > interval '${CODE_LIFE}' then 'expired'
             else 'exchanging'
           end as verdict
      from unnest($1::uuid[], $2::bigint[], $3::jsonb[])
             as wanted (attempt_id, code_id, event_if_expired)
      join cafe24.oauth_authorization_codes code on code.id = wanted.code_id
      left join cafe24.oauth_tokens token using (mall_id)),
  held as (
    select code.id, decision.verdict
      from cafe24.oauth_authorization_codes code join decision using (id)
     where decision.verdict <> 'taken' ${inLockOrder('oauth_authorization_codes', 'code')}),
  code as (
    update cafe24.oauth_authorization_codes code set status = held.verdict
      from held where code.id = held.id)
  update cafe24.token_attempts attempt
     set base_version = decision.base_version,
         outcome = nullif(decision.verdict, 'exchanging'),
         finished_at = case when decision.verdict <> 'exchanging' then cafe24.clock() end,
         event = case when decision.verdict = 'expired'
                       and not ${isActive('decision')}
           then jsonb_set(
             decision.event_if_expired, '{detail,version}', to_jsonb(decision.base_version)) end
    from decision where attempt.attempt_id = decision.attempt_id
  returning attempt.attempt_id, attempt.mall_id, attempt.outcome, attempt.event,
            attempt.base_version, decision.code`;

function rowToBegun(row: z.output<typeof DecisionRow>): ExchangeBegun | undefined {
  const { outcome, code } = row;
  if (outcome === null) {
    const attempt = {
      attemptId: row.attempt_id,
      grantType: 'authorization_code',
      subject: row.mall_id,
      baseVersion: row.base_version,
    } as const;
    return { kind: 'begun', attempt, code };
  }
  if (outcome === 'taken') return undefined;
  return { kind: 'finished', finished: rowToFinishedAttempt({ ...row, outcome }) };
}
