import type { Cafe24Grant } from '../cafe24/grant.ts';
import type { Tokens } from '../grants/ports.ts';
import { committedTokens } from './committed-tokens.ts';
import type { Database } from './database.ts';
import { finishedColumns } from './finished-attempts.ts';
import type { Gather } from './gathered.ts';
import { inLockOrder } from './lock-order.ts';

/** Grants that a refresh obtained, in `cafe24.oauth_tokens`. */
export function postgresRefreshedTokens(database: Database, gather?: Gather): Tokens<Cafe24Grant> {
  return committedTokens(database, COMMIT, gather);
}

/** Fenced by the base version: a newer grant is not overwritten. */
const UPDATE = `
  update cafe24.oauth_tokens stored
     set access_token = attempt.access_token, expires_at = attempt.expires_at,
         refresh_token = attempt.refresh_token,
         refresh_token_expires_at = attempt.refresh_token_expires_at,
         client_id = coalesce(attempt.client_id, stored.client_id),
         user_id = coalesce(attempt.user_id, stored.user_id), scopes = attempt.scopes,
         token_type = attempt.token_type, issued_at = attempt.issued_at,
         updated_at = cafe24.clock(), status = 'active', version = stored.version + 1
    from newest attempt join held_token using (mall_id)
   where stored.mall_id = attempt.mall_id and stored.version = attempt.base_version
  returning attempt.attempt_id, stored.version`;

/**
 * One statement: the rows and the attempts change together or not at all.
 *
 * An answer that comes late, with its base version still standing, is the only living grant: it is
 * installed over whatever others concluded, a mark included. Of several answers to one version that
 * come together one is installed: the newest, which a provider that honours more than one is the
 * likeliest to honour. The others are overtaken, as is any that comes later.
 */
const COMMIT = (wanted: string) => `
  with ${wanted},
  attempt as (
    select wanted.*, mall_id, base_version
      from cafe24.token_attempts join wanted using (attempt_id)
     where finished_at is null or outcome in ('abandoned', 'failed', 'unknown', 'refused')),
  newest as (
    select distinct on (mall_id, base_version) * from attempt
     order by mall_id, base_version, issued_at desc, attempt_id),
  held_token as (
    select stored.mall_id from cafe24.oauth_tokens stored
     where stored.mall_id in (select mall_id from attempt)
           ${inLockOrder('oauth_tokens', 'stored')}),
  token as (${UPDATE}),
  held as (
    select mine.attempt_id, token.version
      from cafe24.token_attempts mine
           join attempt using (attempt_id)
           left join token using (attempt_id)
           ${inLockOrder('token_attempts', 'mine')})
  update cafe24.token_attempts finished
     set finished_at = cafe24.clock(),
         outcome = case when held.version is null then 'overtaken' else 'refreshed' end,
         version = held.version, published_at = null,
         event = jsonb_set(attempt.event, '{detail,version}', to_jsonb(held.version))
    from attempt join held using (attempt_id)
   where finished.attempt_id = attempt.attempt_id
     and (finished.finished_at is null
          or finished.outcome in ('abandoned', 'failed', 'unknown', 'refused'))
  returning ${finishedColumns('finished')}`;
