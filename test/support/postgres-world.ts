import { randomUUID } from 'node:crypto';
import { postgresAttempts } from '#shared/postgres/attempts.ts';
import { postgresAuthorizationCodes } from '#shared/postgres/codes.ts';
import { postgresExchangedTokens } from '#shared/postgres/exchanged-tokens.ts';
import type { Cafe24World } from './cafe24-world.ts';
import type { TestDatabase } from './database.ts';

export function postgresWorld({
  database,
  sql,
}: Pick<TestDatabase, 'database' | 'sql'>): Cafe24World {
  return {
    codes: postgresAuthorizationCodes(database),
    attempts: postgresAttempts(database),
    tokens: postgresExchangedTokens(database),
    insertCode: async (mallId, ageSeconds = 0) => {
      const [row] = await sql(
        `insert into cafe24.oauth_authorization_codes (mall_id, code, received_at)
         values ($1, $2, cafe24.clock() - make_interval(secs => $3)) returning id`,
        [mallId, `code-${randomUUID()}`, ageSeconds],
      );
      return row?.['id'] as string;
    },
    ageCodes: async (mallId, seconds) => {
      await sql(
        `update cafe24.oauth_authorization_codes
            set received_at = received_at - make_interval(secs => $2) where mall_id = $1`,
        [mallId, seconds],
      );
    },
    codeStatus: async (codeId) => {
      const [row] = await sql('select status from cafe24.oauth_authorization_codes where id = $1', [
        codeId,
      ]);
      return row?.['status'] as string | undefined;
    },
    setCodeStatus: async (codeId, status) => {
      await sql('update cafe24.oauth_authorization_codes set status = $2 where id = $1', [
        codeId,
        status,
      ]);
    },
    tokenRow: async (mallId) => {
      const [row] = await sql(
        `select version::int, access_token as "accessToken", refresh_token as "refreshToken", status
           from cafe24.oauth_tokens where mall_id = $1`,
        [mallId],
      );
      return row as Awaited<ReturnType<Cafe24World['tokenRow']>>;
    },
    setStatus: async (mallId, status) => {
      await sql('update cafe24.oauth_tokens set status = $2 where mall_id = $1', [mallId, status]);
    },
    expireLease: async (attemptId) => {
      await sql(
        `update cafe24.token_attempts set lease_until = cafe24.clock() - interval '1 s'
          where attempt_id = $1`,
        [attemptId],
      );
    },
  };
}
