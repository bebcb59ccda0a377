import type { Cafe24Grant } from '../cafe24/grant.ts';
import type { Attempt, GrantToSave, Tokens } from '../grants/ports.ts';
import { FINISHED_COLUMNS, FinishedRow, readFinished, rowToFinishedAttempt } from './attempts.ts';
import type { Database, Statement } from './database.ts';

/** Grants that an exchange obtained, in `cafe24.oauth_tokens`. */
export function postgresExchangedTokens(database: Database): Tokens<Cafe24Grant> {
  return committedTokens(database, COMMIT);
}

/** Tokens that the statement `commit` stores; its parameters are those of `commitStatement`. */
export function committedTokens(database: Database, commit: string): Tokens<Cafe24Grant> {
  return {
    async commit(attempt, save, fresh) {
      const statement = commitStatement(commit, attempt, save);
      const [row] = await (fresh ? database.runFresh(statement) : database.run(statement));
      // No row: an earlier try of this commit was applied, and only its answer got lost.
      return row === undefined
        ? await readFinished(database, attempt.attemptId)
        : rowToFinishedAttempt(row);
    },
  };
}

/**
 * One statement: the row, the code and the attempt change together or not at all.
 *
 * The fence is in `on conflict … where`, since that alone is judged on the newest version of the
 * row; a subquery would see the snapshot of the statement's start. An attempt that others gave up
 * (`abandoned`, `failed`, `unknown`) is overwritten: its answer came late, but it came.
 */
const COMMIT = `
  with attempt as (
    select attempt_id, attempt_no, mall_id, code_id from cafe24.token_attempts
     where attempt_id = $1
       and (finished_at is null or outcome in ('abandoned', 'failed', 'unknown'))),
  token as (
    insert into cafe24.oauth_tokens as stored
           (mall_id, exchange_no, access_token, expires_at, refresh_token,
            refresh_token_expires_at, client_id, user_id, scopes, token_type, issued_at,
            updated_at, status)
    select mall_id, attempt_no, $2, $3, $4, $5, $6, $7, $8, $9, $10, cafe24.clock(), 'active'
      from attempt
    on conflict (mall_id) do update
       set exchange_no = excluded.exchange_no, access_token = excluded.access_token,
           expires_at = excluded.expires_at, refresh_token = excluded.refresh_token,
           refresh_token_expires_at = excluded.refresh_token_expires_at,
           client_id = excluded.client_id, user_id = excluded.user_id,
           scopes = excluded.scopes, token_type = excluded.token_type,
           issued_at = excluded.issued_at, updated_at = excluded.updated_at,
           status = excluded.status, version = stored.version + 1
     where stored.exchange_no is null or stored.exchange_no < excluded.exchange_no
    returning version),
  code as (
    update cafe24.oauth_authorization_codes code
       set status = case when exists (select from token) then 'exchanged' else 'superseded' end
      from attempt where code.id = attempt.code_id)
  update cafe24.token_attempts finished
     set finished_at = cafe24.clock(),
         outcome = case when token.version is null then 'overtaken' else 'issued' end,
         version = token.version, published_at = null,
         event = jsonb_set($11::jsonb, '{detail,version}', to_jsonb(token.version))
    from attempt left join token on true
   where finished.attempt_id = attempt.attempt_id
     and (finished.finished_at is null or finished.outcome in ('abandoned', 'failed', 'unknown'))
  returning ${FINISHED_COLUMNS.replace('attempt_id', 'finished.attempt_id')}`;

function commitStatement(
  text: string,
  attempt: Attempt,
  { grant, event }: GrantToSave<Cafe24Grant>,
): Statement<typeof FinishedRow> {
  return {
    text,
    values: [attempt.attemptId, ...grantValues(grant), JSON.stringify(event)],
    row: FinishedRow,
  };
}

function grantValues(grant: Cafe24Grant): readonly unknown[] {
  return [
    grant.accessToken,
    grant.expiresAt.toISOString(),
    grant.refreshToken,
    grant.refreshTokenExpiresAt.toISOString(),
    grant.clientId,
    grant.userId,
    grant.scopes,
    grant.tokenType,
    grant.issuedAt.toISOString(),
  ];
}
