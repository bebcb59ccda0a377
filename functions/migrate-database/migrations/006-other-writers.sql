-- Cafe24: what other software writes means what it would mean if we had written it.

-- Tokens that it stores are a new grant: a mark is over with them, as with ours.
create function cafe24.end_mark() returns trigger
  language plpgsql as $$
begin
  new.status := 'active';
  return new;
end
$$;
create trigger end_mark before update on cafe24.oauth_tokens
  for each row
  when (old.status = 'reauthorization-required' and new.status = old.status
        and (new.access_token, new.refresh_token)
            is distinct from (old.access_token, old.refresh_token))
  execute function cafe24.end_mark();

-- A mall that is deleted and comes again goes on where its versions ended: an attempt that began with
-- one of them must not take the new grant for it.
create function cafe24.continue_version() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  last bigint;
begin
  if not exists (select from cafe24.oauth_tokens where mall_id = new.mall_id) then
    select max(greatest(version, base_version)) into last
      from cafe24.token_attempts where mall_id = new.mall_id;
    new.version := greatest(new.version, last + 1);
  end if;
  return new;
end
$$;
create trigger continue_version before insert on cafe24.oauth_tokens
  for each row execute function cafe24.continue_version();

-- A code that is saved again as it was keeps what it is: the hash, or none.
drop trigger hash_code on cafe24.oauth_authorization_codes;
create trigger hash_code before insert on cafe24.oauth_authorization_codes
  for each row execute function cafe24.hash_code();
create trigger hash_changed_code before update of code on cafe24.oauth_authorization_codes
  for each row when (new.code <> old.code) execute function cafe24.hash_code();
