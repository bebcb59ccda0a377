import type pg from 'pg';
import { z } from 'zod';

/** What a deploy is about to do. */
export interface Plan {
  /** No file was applied yet. */
  readonly isFirst: boolean;
  /** There are files to apply. */
  readonly isChange: boolean;
}

const Needs = z.array(z.object({ need: z.string() }));

/**
 * Each branch is one need with its cure. The functions of the catalog know of memberships and
 * superusers (PostgreSQL 17 manual, 9.27, read 2026-11).
 *
 * `create schema if not exists` wants CREATE on the database also where the schema is there.
 */
const UNMET = `
  with mine as (
    select coalesce(to_regnamespace('cafe24'), 0) as schema,
           to_regclass('public.tokenline_migrations') as record,
           quote_ident(current_user) as role, quote_ident(current_database()) as database),
  relations as (
    select pg_class.*, oid::regclass::text as name,
           case relkind when 'v' then 'view' when 'm' then 'materialized view'
                        when 'S' then 'sequence' else 'table' end as kind
      from pg_class, mine
     where relnamespace = schema and relkind in ('r', 'p', 'v', 'm')
        or pg_class.oid = record)
  select 'the server is Postgres ' || current_setting('server_version')
         || ', tokenline needs 14 or newer' as need
   where current_setting('server_version_num')::int < 140000
  union all
  select 'the server is a replica that only reads: name the writer in PGHOST'
   where pg_is_in_recovery()
  union all
  select format('transactions only read here by default: alter role %s set default_transaction_read_only = off',
                role)
    from mine
   where current_setting('default_transaction_read_only')::bool and not pg_is_in_recovery()
  union all
  select format('the database''s encoding is %s, tokenline needs UTF8: make a database with encoding ''UTF8''',
                current_setting('server_encoding'))
   where current_setting('server_encoding') <> 'UTF8'
  union all
  select format('row level security hides rows of %s from %s: alter table %s disable row level security, or alter role %s bypassrls',
                name, role, name, role)
    from relations, mine
   where relkind in ('r', 'p') and row_security_active(relations.oid)
  union all
  select format('%s may not create in the database: grant create on database %s to %s',
                role, database, role)
    from mine
   where $1 and not has_database_privilege(current_database(), 'create')
  union all
  select format('%s may not %s in the schema %s: grant %s on schema %s to %s',
                role, case lower(privilege) when 'usage' then 'look' else 'create' end,
                nspname, privilege, quote_ident(nspname), role)
    from mine
    join pg_namespace
      on $2 and pg_namespace.oid = schema
         or record is null and nspname = 'public'
   cross join unnest(array['usage', 'create']) as privilege
   where not has_schema_privilege(pg_namespace.oid, privilege)
  union all
  select 'there is no schema public: create schema public'
    from mine
   where record is null and to_regnamespace('public') is null
  union all
  select format('%s does not own %s: alter %s %s owner to %s, or grant %s to %s',
                role, name, kind, name, role, quote_ident(pg_get_userbyid(relowner)), role)
    from relations, mine
   where $2 and not pg_has_role(relowner, 'usage')
  union all
  select format('%s does not own the function %s: alter function %s owner to %s, or grant %s to %s',
                role, pg_proc.oid::regprocedure, pg_proc.oid::regprocedure, role,
                quote_ident(pg_get_userbyid(proowner)), role)
    from pg_proc, mine
   where $2 and pronamespace = schema and not pg_has_role(proowner, 'usage')`;

/**
 * What the database, or our role in it, lacks for a deploy: each with the SQL that mends it, all at
 * once.
 *
 * @returns none where all is well.
 * @remarks Only reads, and only what every role may read.
 */
export async function unmetNeeds(
  client: pg.Client,
  { isFirst, isChange }: Plan,
): Promise<readonly string[]> {
  const { rows } = await client.query<Record<string, unknown>>(UNMET, [isFirst, isChange]);
  return Needs.parse(rows).map(({ need }) => need);
}

/** Codes as another document of the predecessor has them. */
const UNREAD = `select where to_regclass('cafe24.authorization_codes') is not null`;

/** What an operator should know of the database, though nothing is wrong with it. */
export async function notesOn(client: pg.Client): Promise<readonly string[]> {
  const { rowCount } = await client.query(UNREAD);
  return rowCount === 0
    ? []
    : [
        'cafe24.authorization_codes is there and not read: its codes name no mall. Codes are announced from cafe24.oauth_authorization_codes (mall_id, code) alone.',
      ];
}
