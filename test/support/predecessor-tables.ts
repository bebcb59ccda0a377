/** The predecessor's documentation, to the letter. */
export const TOKENS = `
  create table cafe24.oauth_tokens
  (
      id                       bigserial
          primary key,
      access_token             text                                            not null,
      expires_at               timestamp with time zone                        not null,
      refresh_token            text                                            not null,
      refresh_token_expires_at timestamp with time zone default now()          not null,
      client_id                text,
      mall_id                  text                                            not null,
      user_id                  text,
      scopes                   text[],
      token_type               text                     default 'bearer'::text not null,
      issued_at                timestamp with time zone default now()          not null,
      updated_at               timestamp with time zone default now()          not null,
      status                   text                     default 'active'::text not null
  );`;
export const INDEX =
  'create unique index ux_oauth_tokens_mall_id on cafe24.oauth_tokens (mall_id);';
export const CODES = `
  create table cafe24.oauth_authorization_codes (
    id bigserial primary key, mall_id text, code text, created_at timestamptz default now());`;
const ROWS = `
  insert into cafe24.oauth_tokens (access_token, expires_at, refresh_token, mall_id, scopes)
  values ('old-access', '2030-01-01T00:00:00Z', 'old-refresh', 'old-mall', '{mall.read_order}');
  insert into cafe24.oauth_authorization_codes (mall_id, code)
  values ('old-mall', 'old-code'), ('old-mall', 'old-code'), ('old-mall', 'other-code');`;

/** The schema of a predecessor with rows, then changed. */
export const predecessorTables = (...changes: readonly string[]): string =>
  `create schema cafe24; ${TOKENS} ${INDEX} ${CODES} ${ROWS} ${changes.join(';')}`;
