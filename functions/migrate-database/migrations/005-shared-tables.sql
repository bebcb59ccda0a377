-- Cafe24: what other software does to the tables that it shares, and history that is old.

-- Whoever writes to the shared tables needs rights on these alone.
alter function cafe24.schedule_refresh()
  security definer set search_path = pg_catalog, pg_temp;

-- A grant that is deleted, or renamed, leaves no schedule behind.
create function cafe24.forget_schedule() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from cafe24.refresh_schedule where mall_id = old.mall_id;
  return null;
end
$$;
create trigger forget_schedule after delete on cafe24.oauth_tokens
  for each row execute function cafe24.forget_schedule();
-- Its name comes before schedule_refresh, which makes the new name a schedule.
create trigger forget_renamed_schedule after update of mall_id on cafe24.oauth_tokens
  for each row when (old.mall_id <> new.mall_id) execute function cafe24.forget_schedule();
drop trigger schedule_refresh on cafe24.oauth_tokens;
create trigger schedule_refresh
  after insert or update of mall_id, access_token, refresh_token, expires_at, version, status
  on cafe24.oauth_tokens
  for each row execute function cafe24.schedule_refresh();
delete from cafe24.refresh_schedule schedule
 where not exists (select from cafe24.oauth_tokens token where token.mall_id = schedule.mall_id);

-- Tokenline stores a code once and says so by its hash. Other software may store the same code again:
-- that row is over from the start, has no hash, and is older than the first, which goes its way.
create or replace function cafe24.hash_code() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  hash  bytea := sha256(convert_to(new.code, 'UTF8'));
  first timestamptz;
begin
  if tg_op = 'INSERT' and new.code_sha256 is null then
    select received_at into first from cafe24.oauth_authorization_codes
     where mall_id = new.mall_id and code_sha256 = hash;
    if found then
      new.status := 'superseded';
      new.received_at := first - interval '1 microsecond';
      return new;
    end if;
  end if;
  new.code_sha256 := hash;
  return new;
end
$$;

-- Other software may delete its old codes, also those that were redeemed here.
alter table cafe24.token_attempts
  drop constraint token_attempts_code_id_fkey,
  add constraint token_attempts_code_id_fkey
    foreign key (code_id) references cafe24.oauth_authorization_codes (id) on delete set null;

-- Pages of what is to be pruned, the oldest first.
create index ix_token_attempts_old on cafe24.token_attempts (finished_at)
  where event is null or published_at is not null;
create index ix_token_attempts_newest on cafe24.token_attempts (mall_id, attempt_no);
create index ix_oauth_authorization_codes_old on cafe24.oauth_authorization_codes (received_at)
  where status not in ('received', 'exchanging');
