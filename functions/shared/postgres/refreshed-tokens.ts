import type { Cafe24Grant } from '../cafe24/grant.ts';
import type { Tokens } from '../grants/ports.ts';
import { FINISHED_COLUMNS } from './attempts.ts';
import type { Database } from './database.ts';
import { committedTokens } from './exchanged-tokens.ts';

/** Grants that a refresh obtained, in `cafe24.oauth_tokens`. */
export function postgresRefreshedTokens(database: Database): Tokens<Cafe24Grant> {
  return committedTokens(database, COMMIT);
}

/**
 * One statement: the row and the attempt change together or not at all.
 *
 * Fenced by the base version: a newer grant is not overwritten. An answer that comes late, with its
 * base version still standing, is the only living grant: it is installed over whatever others
 * concluded, a mark included.
 */
const COMMIT = `
  with attempt as (
    select attempt_id, mall_id, base_version from cafe24.token_attempts
     where attempt_id = $1
       and (finished_at is null or outcome in ('abandoned', 'failed', 'unknown', 'refused'))),
  token as (
    update cafe24.oauth_tokens stored
       set access_token = $2, expires_at = $3, refresh_token = $4, refresh_token_expires_at = $5,
           client_id = coalesce($6, client_id), user_id = coalesce($7, user_id), scopes = $8,
           token_type = $9, issued_at = $10, updated_at = cafe24.clock(), status = 'active',
           version = stored.version + 1
      from attempt
     where stored.mall_id = attempt.mall_id and stored.version = attempt.base_version
    returning stored.version)
  update cafe24.token_attempts finished
     set finished_at = cafe24.clock(),
         outcome = case when token.version is null then 'overtaken' else 'refreshed' end,
         version = token.version, published_at = null,
         event = jsonb_set($11::jsonb, '{detail,version}', to_jsonb(token.version))
    from attempt left join token on true
   where finished.attempt_id = attempt.attempt_id
     and (finished.finished_at is null
          or finished.outcome in ('abandoned', 'failed', 'unknown', 'refused'))
  returning ${FINISHED_COLUMNS.replace('attempt_id', 'finished.attempt_id')}`;
