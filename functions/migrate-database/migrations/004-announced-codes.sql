-- Cafe24: who announces a stored code.

alter table cafe24.oauth_authorization_codes
  -- Until then somebody announces the code, or has announced it; infinity = it is on the bus.
  -- What other software inserts is announced by nobody yet.
  add column announce_again_at timestamptz not null default '-infinity',
  -- The announcement's event id, the same however often it has to be repeated.
  add column announcement_id   uuid;
