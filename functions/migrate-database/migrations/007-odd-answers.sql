-- compatible: yes
-- Cafe24: refusals in words that no table knows, and values that other software wrote.
-- Only tokenline's own tables are altered, by columns that rewrite no row. Of the tokens an index is made
-- anew: `active` counts however other software writes it.

alter table cafe24.refresh_schedule
  -- When the stored grant came, whoever stored it: who is granted something is no client that Cafe24
  -- refuses.
  add column granted_at           timestamptz,
  -- The first refusal in words that no table knows since the last grant.
  add column unrecognized_since   timestamptz,
  -- The mall's admin was asked for a new authorization because of them, once for this version.
  add column reauthorization_told boolean not null default false;
create index ix_refresh_schedule_granted
  on cafe24.refresh_schedule (granted_at) where granted_at is not null;
create index ix_refresh_schedule_unrecognized
  on cafe24.refresh_schedule (unrecognized_since) where unrecognized_since is not null;

drop index if exists cafe24.ix_oauth_tokens_refresh_end;
create index ix_oauth_tokens_refresh_end
  on cafe24.oauth_tokens (refresh_token_expires_at)
  where coalesce(lower(btrim(status)) = 'active', false);

-- When the operator was last told of such refusals: at most once a day.
alter table cafe24.refresh_settings add column refusals_told_at timestamptz;

create or replace function cafe24.schedule_refresh() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  granted timestamptz := cafe24.clock();
begin
  if tg_op = 'UPDATE' then
    if (new.access_token, new.refresh_token)
       is not distinct from (old.access_token, old.refresh_token)
    then
      granted := null;
    end if;
  end if;
  insert into cafe24.refresh_schedule as stored (mall_id, due_at, granted_at)
  values (
    new.mall_id,
    case when lower(btrim(new.status)) = 'active'
         then cafe24.refresh_due_at(new.mall_id, new.expires_at)
         else cafe24.clock() + interval '1 hour' end,
    granted)
  on conflict (mall_id) do update
     set due_at = excluded.due_at, rest_until = '-infinity', failures = 0, silent_tries = 0,
         warned_version = null, warn_again_at = '-infinity', wish_version = null,
         granted_at = coalesce(granted, stored.granted_at),
         unrecognized_since = case when granted is null then stored.unrecognized_since end,
         reauthorization_told = granted is null and stored.reauthorization_told;
  return null;
end
$$;

-- An expiry from the year 9999 on, or infinity, says "never", and is none: the usual life of an access
-- token counts from now, or the refresh token would end (14 days) unused.
create or replace function cafe24.refresh_due_at(mall_id text, expires_at timestamptz)
  returns timestamptz
  language sql stable
  return (
    select case when expires_at >= '9999-01-01Z'
                then cafe24.clock() + interval '2 hours' else expires_at end
           - margin - jitter * ((hashtextextended(mall_id, 0) & 65535)::double precision / 65536)
      from cafe24.refresh_settings);
update cafe24.refresh_schedule schedule
   set due_at = cafe24.refresh_due_at(token.mall_id, token.expires_at)
  from cafe24.oauth_tokens token
 where token.mall_id = schedule.mall_id and lower(btrim(token.status)) = 'active'
   and schedule.due_at > '9998-12-01Z' and token.expires_at >= '9999-01-01Z';
