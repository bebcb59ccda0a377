-- Cafe24: authorizations that a mall's admin has begun in a browser.

create table cafe24.oauth_states (
  -- Only hashes: who reads the table can not finish what somebody else has begun.
  state_sha256   bytea primary key,
  browser_sha256 bytea       not null,
  mall_id        text        not null,
  expires_at     timestamptz not null
);
create index ix_oauth_states_expiry on cafe24.oauth_states (expires_at);
