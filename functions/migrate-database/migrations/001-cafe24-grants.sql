-- Cafe24: tokens, codes and the attempts to obtain them.
-- Tables that a predecessor filled are adopted: nothing of theirs is renamed or dropped.

create schema if not exists cafe24;

-- The only source of time for leases, ages and due dates. Tests replace it to shift time.
create function cafe24.clock() returns timestamptz
  language sql volatile
  return clock_timestamp();

create table if not exists cafe24.oauth_tokens (
  id                       bigserial primary key,
  access_token             text        not null,
  expires_at               timestamptz not null,
  refresh_token            text        not null,
  refresh_token_expires_at timestamptz not null default now(),
  client_id                text,
  mall_id                  text        not null,
  user_id                  text,
  scopes                   text[],
  token_type               text        not null default 'bearer',
  issued_at                timestamptz not null default now(),
  updated_at               timestamptz not null default now(),
  status                   text        not null default 'active'
);
create unique index if not exists ux_oauth_tokens_mall_id on cafe24.oauth_tokens (mall_id);

alter table cafe24.oauth_tokens
  -- Rises with every change of the tokens, whoever makes it; no row counts as version 0.
  add column version     bigint not null default 1,
  -- attempt_no of the exchange that began this chain of refresh tokens: an exchange loses only to
  -- one that was begun later, and the row itself is the only place where that can be decided.
  add column exchange_no bigint;

create function cafe24.raise_token_version() returns trigger
  language plpgsql as $$
begin
  if new.version = old.version
     and (new.access_token, new.refresh_token) is distinct from (old.access_token, old.refresh_token)
  then
    new.version := old.version + 1;
  end if;
  return new;
end
$$;
create trigger raise_token_version before update on cafe24.oauth_tokens
  for each row execute function cafe24.raise_token_version();

create table if not exists cafe24.oauth_authorization_codes (
  id         bigserial primary key,
  mall_id    text        not null,
  code       text        not null,
  created_at timestamptz not null default now()
);

-- Codes that were there before are long past their minute.
alter table cafe24.oauth_authorization_codes
  add column status      text not null default 'expired',
  add column received_at timestamptz,
  add column code_sha256 bytea;
update cafe24.oauth_authorization_codes set received_at = created_at;
alter table cafe24.oauth_authorization_codes
  alter column status set default 'received',
  alter column received_at set default now(),
  alter column received_at set not null,
  add constraint known_status check
    (status in ('received', 'exchanging', 'exchanged', 'expired', 'rejected', 'superseded'));

-- A trigger, so that codes which other software inserts are found by their hash as well.
create function cafe24.hash_code() returns trigger
  language plpgsql as $$
begin
  new.code_sha256 := sha256(convert_to(new.code, 'UTF8'));
  return new;
end
$$;
create trigger hash_code before insert or update of code on cafe24.oauth_authorization_codes
  for each row execute function cafe24.hash_code();

create unique index ux_oauth_authorization_codes_code
  on cafe24.oauth_authorization_codes (mall_id, code_sha256);
create index ix_oauth_authorization_codes_newest
  on cafe24.oauth_authorization_codes (mall_id, received_at, id);

-- Audit trail, lease and outbox in one.
create table cafe24.token_attempts (
  attempt_id   uuid primary key,
  attempt_no   bigint generated always as identity,
  mall_id      text        not null,
  grant_type   text        not null check (grant_type in ('authorization_code', 'refresh_token')),
  code_id      bigint references cafe24.oauth_authorization_codes (id),
  base_version bigint,
  started_at   timestamptz not null,
  -- Until then the process that began may still be alive: to redeem, to commit, to publish.
  lease_until  timestamptz not null,
  finished_at  timestamptz,
  outcome      text,
  reason       text,
  version      bigint,
  fingerprint  text,
  -- What the world has to be told: {"detailType", "detail"}; null when there is nothing to tell.
  event        jsonb,
  published_at timestamptz,
  constraint finished_has_outcome check ((finished_at is null) = (outcome is null))
);
create unique index ux_token_attempts_lease
  on cafe24.token_attempts (mall_id, grant_type) where finished_at is null;
create index ix_token_attempts_code on cafe24.token_attempts (code_id, attempt_no);
create index ix_token_attempts_unpublished
  on cafe24.token_attempts (mall_id, attempt_no) where event is not null and published_at is null;
