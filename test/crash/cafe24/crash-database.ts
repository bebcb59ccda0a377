import pg from 'pg';
import type { PostgresAddress } from '#infra/local/local-aws.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { Lanes } from './lanes.ts';

/** A database that is used for one run after another. */
export interface CrashDatabase {
  readonly lanes: Lanes;
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Whether a statement waits for a lock. */
  isBlocked(): Promise<boolean>;
  /** Removes what a run left, its statements that still wait included. */
  clear(): Promise<void>;
  drop(): Promise<void>;
}

/** @param sql changes of an ablation. */
export async function createCrashDatabase(
  address: PostgresAddress,
  sql?: string,
): Promise<CrashDatabase> {
  const test = await createTestDatabase(address);
  await test.sql(PREPARE);
  if (sql !== undefined) await test.sql(sql);
  const { config, password } = test;
  const { PGHOST: host, PGPORT: port, PGUSER: user, PGDATABASE: database } = config;
  const observer = new pg.Client({ host, port, user, password, database });
  await observer.connect();
  const lanes = new Lanes(test);
  const query = async (text: string, values: readonly unknown[] = []) => {
    const { rows } = await observer.query<Record<string, unknown>>(text, [...values]);
    return rows;
  };
  return {
    lanes,
    sql: query,
    isBlocked: async () =>
      lanes.canBlock && (await observer.query({ name: 'blocked', text: BLOCKED })).rows.length > 0,
    clear: async () => {
      lanes.clear();
      await query(END_OTHERS);
      await query(CLEAR);
    },
    drop: async () => {
      lanes.close();
      await observer.end();
      await test.drop();
    },
  };
}

/** The statement, with its time in front: the database's clock reads it there, without a call more. */
export function atTime(nowMs: number, text: string): string {
  return `/*${Math.round(nowMs)}*/ ${text}`;
}

const PREPARE = `
  create schema crash;
  create or replace function cafe24.clock() returns timestamptz language sql volatile
    return to_timestamp(substr(current_query(), 3, 13)::bigint / 1000.0);
  update cafe24.refresh_settings set margin = '1 minute', jitter = '1 minute';
  create table crash.token_log (
    serial bigint generated always as identity, mall_id text, version bigint, old_version bigint,
    refresh_token text, old_refresh_token text, status text, old_status text);
  create function crash.log_token() returns trigger language plpgsql as $$
  begin
    insert into crash.token_log
      (mall_id, version, old_version, refresh_token, old_refresh_token, status, old_status)
    values (new.mall_id, new.version, old.version, new.refresh_token, old.refresh_token,
            new.status, old.status);
    return null;
  end $$;
  create trigger log_token after insert or update on cafe24.oauth_tokens
    for each row execute function crash.log_token();
  create table crash.end_log (
    serial bigint generated always as identity, attempt_id uuid, grant_type text, outcome text,
    event jsonb, row_status text);
  create function crash.log_end() returns trigger language plpgsql as $$
  begin
    if new.finished_at is not null
       and (old.finished_at is null or new.event is distinct from old.event) then
      insert into crash.end_log (attempt_id, grant_type, outcome, event, row_status)
      select new.attempt_id, new.grant_type, new.outcome, new.event,
             (select status from cafe24.oauth_tokens where mall_id = new.mall_id);
    end if;
    return null;
  end $$;
  create trigger log_end after update on cafe24.token_attempts
    for each row execute function crash.log_end();
  create table crash.gone_states (state_sha256 bytea, expires_at timestamptz, gone_ms text);
  create function crash.log_gone_state() returns trigger language plpgsql as $$
  begin
    insert into crash.gone_states
    values (old.state_sha256, old.expires_at, substr(current_query(), 3, 13));
    return null;
  end $$;
  create trigger log_gone_state after delete on cafe24.oauth_states
    for each row execute function crash.log_gone_state();`;

const BLOCKED = `
  select from pg_stat_activity
   where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`;

const END_OTHERS = `
  select pg_terminate_backend(pid) from pg_stat_activity
   where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
     and backend_type = 'client backend'`;

const CLEAR = `
  delete from cafe24.token_attempts;
  delete from cafe24.oauth_authorization_codes;
  delete from cafe24.oauth_states;
  delete from cafe24.refresh_schedule;
  delete from cafe24.oauth_tokens;
  delete from crash.token_log;
  delete from crash.end_log;
  delete from crash.gone_states;`;
