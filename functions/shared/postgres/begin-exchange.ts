import { z } from 'zod';
import type { BeginExchange, ExchangeBegun } from '../grants/exchange-ports.ts';
import { FinishedRow, rowToFinishedAttempt } from './attempts.ts';
import type { Database } from './database.ts';

/** Cafe24's documentation, read 2026-11: an authorization code lives 1 minute. */
export const CODE_LIFE = '60 seconds';

type Run = Database['run'];

/** First statement of begin. Who inserts the row has the mall to himself. */
export async function takeLease(run: Run, request: BeginExchange): Promise<boolean> {
  const won = await run({
    text: `
      insert into cafe24.token_attempts
             (attempt_id, mall_id, grant_type, code_id, started_at, lease_until)
      select $1, mall_id, 'authorization_code', id, cafe24.clock(),
             cafe24.clock() + make_interval(secs => $4::double precision / 1000)
        from cafe24.oauth_authorization_codes
       where id = $2 and mall_id = $3 and status = 'received'
      on conflict (mall_id, grant_type) where finished_at is null do nothing
      returning attempt_id`,
    values: [request.attemptId, request.codeId, request.mallId, request.leaseMs],
    row: z.unknown(),
  });
  return won.length > 0;
}

const DecisionRow = FinishedRow.extend({
  outcome: FinishedRow.shape.outcome.nullable(),
  base_version: z.coerce.number().int(),
  code: z.string(),
});

/**
 * Second statement of begin, with a snapshot younger than the lease: what becomes of the code.
 *
 * `taken`: while we waited for the lease its last holder moved the code on; the attempt is closed
 * and the caller looks again.
 */
export async function decideExchange(
  run: Run,
  request: BeginExchange,
): Promise<ExchangeBegun | undefined> {
  const [row] = await run({
    text: `
      with decision as (
        select code.id, code.code, coalesce(token.version, 0) as base_version, token.status,
               case
                 when code.status <> 'received' then 'taken'
                 when exists (
                   select from cafe24.oauth_authorization_codes newer
                    where newer.mall_id = code.mall_id
                      and (newer.received_at, newer.id) > (code.received_at, code.id))
                   then 'superseded'
                 when cafe24.clock() - code.received_at > interval '${CODE_LIFE}' then 'expired'
                 else 'exchanging'
               end as verdict
          from cafe24.oauth_authorization_codes code
          left join cafe24.oauth_tokens token using (mall_id)
         where code.id = $2),
      code as (
        update cafe24.oauth_authorization_codes code set status = decision.verdict
          from decision where code.id = decision.id and decision.verdict <> 'taken')
      update cafe24.token_attempts attempt
         set base_version = decision.base_version,
             outcome = nullif(decision.verdict, 'exchanging'),
             finished_at = case when decision.verdict <> 'exchanging' then cafe24.clock() end,
             event = case when decision.verdict = 'expired'
                           and decision.status is distinct from 'active'
               then jsonb_set($3::jsonb, '{detail,version}', to_jsonb(decision.base_version)) end
        from decision where attempt.attempt_id = $1
      returning attempt.attempt_id, attempt.outcome, attempt.event, attempt.base_version,
                decision.code`,
    values: [request.attemptId, request.codeId, JSON.stringify(request.eventIfExpired)],
    row: DecisionRow,
  });
  return row === undefined ? undefined : rowToBegun(row, request);
}

function rowToBegun(
  row: z.output<typeof DecisionRow>,
  { attemptId, mallId }: BeginExchange,
): ExchangeBegun | undefined {
  const { outcome, base_version: baseVersion, code } = row;
  if (outcome === null) {
    const grantType = 'authorization_code';
    return { kind: 'begun', attempt: { attemptId, grantType, subject: mallId, baseVersion }, code };
  }
  if (outcome === 'taken') return undefined;
  return { kind: 'finished', finished: rowToFinishedAttempt({ ...row, outcome }) };
}
