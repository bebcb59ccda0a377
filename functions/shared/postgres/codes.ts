import { z } from 'zod';
import type { Attempt } from '../grants/ports.ts';
import type { AuthorizationCodes, BeginExchange, ExchangeBegun } from '../grants/exchange-ports.ts';
import { OutcomeEventRow } from './attempts.ts';
import { decideExchange, takeLease } from './begin-exchange.ts';
import type { Database } from './database.ts';

const BIGINT = z.string().regex(/^\d+$/);

/** Codes of Cafe24 malls, in `cafe24.oauth_authorization_codes`. */
export function postgresAuthorizationCodes(database: Database): AuthorizationCodes {
  return {
    async store({ mallId, code, receivedAt }) {
      const [row] = await database.run({
        // Whoever stores a code here has announced it, or is about to: nobody else need for 10 s.
        text: `insert into cafe24.oauth_authorization_codes as stored
                      (mall_id, code, received_at, announce_again_at)
               values ($1, $2, $3, cafe24.clock() + interval '10 seconds')
               on conflict (mall_id, code_sha256) do update
                  set received_at = least(stored.received_at, excluded.received_at),
                      announce_again_at =
                        greatest(stored.announce_again_at, excluded.announce_again_at)
               returning id`,
        values: [mallId, code, receivedAt.toISOString()],
        row: z.object({ id: BIGINT }),
      });
      if (row === undefined) throw new Error('An upsert returned no row.');
      return row.id;
    },

    async begin(request) {
      const decided = await database.transaction(async (run) =>
        (await takeLease(run, request)) ? await decideExchange(run, request) : undefined,
      );
      return decided ?? (await whyNot(database, request));
    },
  };
}

const StandingRow = z.object({
  mall_id: z.string(),
  attempt_id: z.uuid().nullable(),
  base_version: BIGINT.nullable(),
  lease_lives: z.boolean().nullable(),
  outcome: z.string().nullable(),
  unpublished: OutcomeEventRow.nullable(),
});

/** The lease was not to be had: by whom is it held, or is the code done already? */
async function whyNot(
  database: Database,
  { codeId, mallId }: BeginExchange,
): Promise<ExchangeBegun> {
  const [row] = await database.run({
    text: `
      select code.mall_id, standing.attempt_id, standing.base_version, standing.outcome,
             standing.lease_until > cafe24.clock() as lease_lives,
             case when standing.published_at is null then standing.event end as unpublished
        from cafe24.oauth_authorization_codes code
        left join lateral (
          select * from cafe24.token_attempts attempt
           where (attempt.code_id = code.id and code.status not in ('received', 'exchanging'))
              or (attempt.mall_id = code.mall_id and attempt.grant_type = 'authorization_code'
                  and attempt.finished_at is null
                  and code.status in ('received', 'exchanging'))
           order by attempt.attempt_no desc limit 1) standing on true
       where code.id = $1`,
    values: [codeId],
    row: StandingRow,
  });
  if (row === undefined) return { kind: 'no-such-code' };
  return row.mall_id === mallId ? standingToBegun(row, mallId) : { kind: 'code-of-another-mall' };
}

function standingToBegun(row: z.output<typeof StandingRow>, mallId: string): ExchangeBegun {
  const { attempt_id: attemptId, outcome } = row;
  // The lease was given back between our two looks: whoever comes next will have it.
  if (attemptId === null) return { kind: 'held' };
  if (outcome === null) {
    const baseVersion = Number(row.base_version);
    const attempt: Attempt = {
      attemptId,
      grantType: 'authorization_code',
      subject: mallId,
      baseVersion,
    };
    return row.lease_lives === true ? { kind: 'held' } : { kind: 'left-behind', attempt };
  }
  const unpublished = row.unpublished ?? undefined;
  return unpublished !== undefined && row.lease_lives === true
    ? { kind: 'held' }
    : { kind: 'finished', finished: { attemptId, outcome, unpublished } };
}
