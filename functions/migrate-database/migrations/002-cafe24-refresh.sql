-- Cafe24: when each grant is due, and what holds it back.

-- One row, written by each deploy from its configuration: due dates are computed here, because rows
-- change by other hands as well.
create table cafe24.refresh_settings (
  only_row boolean primary key default true check (only_row),
  -- How long before its expiry a grant is due at the latest.
  margin   interval not null,
  -- Due dates are spread over so much time before that: malls that were authorized in one minute
  -- must not refresh in one minute.
  jitter   interval not null
);
insert into cafe24.refresh_settings (margin, jitter) values ('15 minutes', '15 minutes');

create function cafe24.refresh_due_at(mall_id text, expires_at timestamptz) returns timestamptz
  language sql stable
  return (
    select expires_at - margin
           - jitter * ((hashtextextended(mall_id, 0) & 65535)::double precision / 65536)
      from cafe24.refresh_settings);

create table cafe24.refresh_schedule (
  mall_id        text primary key,
  -- When the sweep looks at the mall next; infinity = never.
  due_at         timestamptz not null,
  -- Backoff: no refresh begins before.
  rest_until     timestamptz not null default '-infinity',
  -- Refreshes without a grant since the last grant.
  failures       integer     not null default 0,
  -- Tries since the grant was marked as dead.
  silent_tries   integer     not null default 0,
  warned_version bigint,
  warn_again_at  timestamptz not null default '-infinity',
  -- The version whose access token a client saw refused.
  wish_version   bigint
);
create index ix_refresh_schedule_due on cafe24.refresh_schedule (due_at);
create index ix_oauth_tokens_refresh_end
  on cafe24.oauth_tokens (refresh_token_expires_at) where status = 'active';

-- A new grant, or a mark that is set or cleared, begins the schedule anew, whoever wrote it.
create function cafe24.schedule_refresh() returns trigger
  language plpgsql as $$
begin
  insert into cafe24.refresh_schedule (mall_id, due_at)
  values (
    new.mall_id,
    case when new.status = 'active' then cafe24.refresh_due_at(new.mall_id, new.expires_at)
         else cafe24.clock() + interval '1 hour' end)
  on conflict (mall_id) do update
     set due_at = excluded.due_at, rest_until = '-infinity', failures = 0, silent_tries = 0,
         warned_version = null, warn_again_at = '-infinity', wish_version = null;
  return null;
end
$$;
create trigger schedule_refresh
  after insert or update of access_token, refresh_token, expires_at, version, status
  on cafe24.oauth_tokens
  for each row execute function cafe24.schedule_refresh();
insert into cafe24.refresh_schedule (mall_id, due_at)
select mall_id, cafe24.refresh_due_at(mall_id, expires_at) from cafe24.oauth_tokens
    on conflict do nothing;

alter table cafe24.token_attempts
  -- The provider may have rotated the refresh token without our having the answer.
  add column may_have_rotated boolean not null default false;
create index ix_token_attempts_version
  on cafe24.token_attempts (mall_id, base_version) where grant_type = 'refresh_token';
create index ix_token_attempts_open
  on cafe24.token_attempts (lease_until) where finished_at is null;

create index ix_oauth_authorization_codes_waiting
  on cafe24.oauth_authorization_codes (received_at, id) where status = 'received';
