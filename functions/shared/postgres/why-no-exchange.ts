import { z } from 'zod';
import type { Attempt } from '../grants/ports.ts';
import type { BeginExchange, ExchangeBegun } from '../grants/exchange-ports.ts';
import type { Database } from './database.ts';
import { OutcomeEventRow } from './finished-attempts.ts';

const BIGINT = z.string().regex(/^\d+$/);

const StandingRow = z.object({
  code_id: BIGINT,
  mall_id: z.string(),
  status: z.string(),
  attempt_id: z.uuid().nullable(),
  base_version: BIGINT.nullable(),
  lease_lives: z.boolean().nullable(),
  outcome: z.string().nullable(),
  unpublished: OutcomeEventRow.nullable(),
});

const OPEN = new Set(['received', 'exchanging']);

/** The leases were not to be had: by whom are they held, or are the codes done already? */
export async function whyNoExchange(
  run: Database['run'],
  requests: readonly BeginExchange[],
): Promise<readonly ExchangeBegun[]> {
  const rows = await run({
    text: `
      select code.id as code_id, code.mall_id, code.status, standing.attempt_id,
             standing.base_version, standing.outcome, standing.lease_until > cafe24.clock() as lease_lives,
             case when standing.published_at is null then standing.event end as unpublished
        from cafe24.oauth_authorization_codes code
        left join lateral (
          select * from cafe24.token_attempts attempt
           where (attempt.code_id = code.id and code.status not in ('received', 'exchanging'))
              or (attempt.mall_id = code.mall_id and attempt.grant_type = 'authorization_code'
                  and attempt.finished_at is null
                  and code.status in ('received', 'exchanging'))
           order by attempt.attempt_no desc limit 1) standing on true
       where code.id = any($1::bigint[])`,
    values: [requests.map(({ codeId }) => codeId)],
    row: StandingRow,
  });
  const byCode = new Map(rows.map((row) => [row.code_id, row]));
  return requests.map(({ codeId, mallId }) => {
    const row = byCode.get(codeId);
    if (row === undefined) return { kind: 'no-such-code' };
    return row.mall_id === mallId ? standingToBegun(row) : { kind: 'code-of-another-mall' };
  });
}

function standingToBegun(row: z.output<typeof StandingRow>): ExchangeBegun {
  const { attempt_id: attemptId, mall_id: subject, outcome } = row;
  if (attemptId === null) {
    // Waiting: the lease was given back between our two looks, whoever comes next will have it. Else
    // it was over before it came to us, as a code that was there when its table was adopted.
    return OPEN.has(row.status) ? { kind: 'held' } : { kind: 'over', status: row.status };
  }
  if (outcome === null) {
    const baseVersion = Number(row.base_version);
    const attempt: Attempt = { attemptId, grantType: 'authorization_code', subject, baseVersion };
    return row.lease_lives === true ? { kind: 'held' } : { kind: 'left-behind', attempt };
  }
  const unpublished = row.unpublished ?? undefined;
  return unpublished !== undefined && row.lease_lives === true
    ? { kind: 'held' }
    : { kind: 'finished', finished: { attemptId, outcome, unpublished } };
}
