import type { Cafe24Grant } from '../cafe24/grant.ts';
import type { Tokens } from '../grants/ports.ts';
import { committedTokens } from './committed-tokens.ts';
import type { Database } from './database.ts';
import { finishedColumns } from './finished-attempts.ts';
import type { Gather } from './gathered.ts';
import { inLockOrder } from './lock-order.ts';

/** Grants that an exchange obtained, in `cafe24.oauth_tokens`. */
export function postgresExchangedTokens(database: Database, gather?: Gather): Tokens<Cafe24Grant> {
  return committedTokens(database, COMMIT, gather);
}

/**
 * The fence is in `on conflict … where`, since that alone is judged on the newest version of the
 * row; a subquery would see the snapshot of the statement's start.
 */
const UPSERT = `
  insert into cafe24.oauth_tokens as stored
         (mall_id, exchange_no, access_token, expires_at, refresh_token,
          refresh_token_expires_at, client_id, user_id, scopes, token_type, issued_at,
          updated_at, status)
  select mall_id, attempt_no, access_token, expires_at, refresh_token,
         refresh_token_expires_at, client_id, user_id, scopes, token_type, issued_at,
         cafe24.clock(), 'active'
    from attempt order by mall_id
  on conflict (mall_id) do update
     set exchange_no = excluded.exchange_no, access_token = excluded.access_token,
         expires_at = excluded.expires_at, refresh_token = excluded.refresh_token,
         refresh_token_expires_at = excluded.refresh_token_expires_at,
         client_id = excluded.client_id, user_id = excluded.user_id,
         scopes = excluded.scopes, token_type = excluded.token_type,
         issued_at = excluded.issued_at, updated_at = excluded.updated_at,
         status = excluded.status, version = stored.version + 1
   where stored.exchange_no is null or stored.exchange_no < excluded.exchange_no
  returning mall_id, version`;

/**
 * One statement: the rows, the codes and the attempts change together or not at all. An attempt that
 * others gave up (`abandoned`, `failed`, `unknown`) is overwritten: its answer came late, but it came.
 * The code goes by what became of the attempt: of two commits of one attempt at once, the second
 * upserts nothing, and finds the attempt issued.
 */
const COMMIT = (wanted: string) => `
  with ${wanted},
  attempt as (
    select wanted.*, attempt_no, mall_id
      from cafe24.token_attempts join wanted using (attempt_id)
     where finished_at is null or outcome in ('abandoned', 'failed', 'unknown')),
  token as (${UPSERT}),
  held as (
    select mine.attempt_id, token.version
      from cafe24.token_attempts mine
           join attempt using (attempt_id)
           left join token on token.mall_id = mine.mall_id
           ${inLockOrder('token_attempts', 'mine')}),
  finished as (
    update cafe24.token_attempts finished
       set finished_at = cafe24.clock(),
           outcome = case when held.version is null then 'overtaken' else 'issued' end,
           version = held.version, published_at = null,
           event = jsonb_set(attempt.event, '{detail,version}', to_jsonb(held.version))
      from attempt join held using (attempt_id)
     where finished.attempt_id = attempt.attempt_id
       and (finished.finished_at is null or finished.outcome in ('abandoned', 'failed', 'unknown'))
    returning finished.*),
  held_code as (
    select code.id, finished.version
      from cafe24.oauth_authorization_codes code join finished on finished.code_id = code.id
           ${inLockOrder('oauth_authorization_codes', 'code')}),
  code as (
    update cafe24.oauth_authorization_codes code
       set status = case when held_code.version is null then 'superseded' else 'exchanged' end
      from held_code where code.id = held_code.id)
  select ${finishedColumns('finished')} from finished`;
