import { z } from 'zod';
import type { BeginRefresh, RefreshBegun } from '../grants/refresh-ports.ts';
import type { Database } from './database.ts';

const StandingRow = z.object({
  mall_id: z.string(),
  attempt_id: z.uuid().nullable(),
  base_version: z.coerce.number().int(),
  lease_lives: z.boolean().nullable(),
});

/** The leases were not to be had: do their holders live, or are there no rows at all? */
export async function whyNoRefresh(
  run: Database['run'],
  requests: readonly BeginRefresh[],
): Promise<readonly RefreshBegun[]> {
  const rows = await run({
    text: `
      select token.mall_id, attempt.attempt_id, coalesce(attempt.base_version, 0) as base_version,
             attempt.lease_until > cafe24.clock() as lease_lives
        from cafe24.oauth_tokens token
        left join cafe24.token_attempts attempt
          on attempt.mall_id = token.mall_id and attempt.grant_type = 'refresh_token'
         and attempt.finished_at is null
       where token.mall_id = any($1::text[])`,
    values: [requests.map(({ subject }) => subject)],
    row: StandingRow,
  });
  const byMall = new Map(rows.map((row) => [row.mall_id, row]));
  return requests.map(({ subject }) => {
    const row = byMall.get(subject);
    return row === undefined ? { kind: 'not-needed', because: 'no-grant' } : standingToBegun(row);
  });
}

function standingToBegun(row: z.output<typeof StandingRow>): RefreshBegun {
  const { attempt_id: attemptId, mall_id: subject, base_version: baseVersion } = row;
  // Without a holder: who had the lease finished between our two looks.
  if (attemptId === null || row.lease_lives === true) {
    return { kind: 'not-needed', because: 'in-progress' };
  }
  const attempt = { attemptId, grantType: 'refresh_token', subject, baseVersion } as const;
  return { kind: 'left-behind', attempt };
}
