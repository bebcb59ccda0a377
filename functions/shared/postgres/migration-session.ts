import pg from 'pg';
import { z } from 'zod';
import { obstaclesToAdoption } from './adoption.ts';
import type { PostgresConfig } from './config.ts';

interface Migration {
  readonly name: string;
  readonly sql: string;
}

const AppliedRow = z.object({ name: z.string(), sha256: z.string() });

interface Session {
  applied(): Promise<readonly z.output<typeof AppliedRow>[]>;
  obstaclesToAdoption(): Promise<readonly string[]>;
  apply(migration: Migration, sha256: string): Promise<void>;
  configure(refresh: RefreshSettings): Promise<void>;
}

interface RefreshSettings {
  readonly marginSeconds: number;
  readonly jitterSeconds: number;
}

/** Any number that no other user of the database takes for an advisory lock of its own. */
const LOCK = 8_317_046_221;
const CONNECTION_TIMEOUT_MS = 10_000;
/** Less than the function's timeout: an error that says what waited beats a killed process. */
const STATEMENT_TIMEOUT_MS = 100_000;

/**
 * Runs `work` on one connection that holds the migration lock; others wait for it.
 *
 * What was applied is recorded in `tokenline_migrations`, in the schema `public`.
 */
export async function postgresMigrationSession<Result>(
  config: PostgresConfig,
  password: () => Promise<string>,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    host: config.PGHOST,
    port: config.PGPORT,
    user: config.PGUSER,
    database: config.PGDATABASE,
    ssl: config.PGSSLMODE === 'verify-full',
    password,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    return await work(sessionOn(client));
  } finally {
    await client.end();
  }
}

function sessionOn(client: pg.Client): Session {
  return {
    async applied() {
      const found = await client.query(
        `select where to_regclass('public.tokenline_migrations') is null`,
      );
      if (found.rowCount === 1) return [];
      const { rows } = await client.query(
        'select name, sha256 from public.tokenline_migrations order by name',
      );
      return z.array(AppliedRow).parse(rows);
    },
    obstaclesToAdoption: () => obstaclesToAdoption(client),
    async apply({ name, sql }, sha256) {
      await client.query('begin');
      try {
        await client.query(RECORD);
        await client.query(sql);
        await client.query(
          'insert into public.tokenline_migrations (name, sha256) values ($1, $2)',
          [name, sha256],
        );
        await client.query('commit');
      } catch (error) {
        await client.query('rollback').catch(() => undefined);
        throw error;
      }
    },
    async configure({ marginSeconds, jitterSeconds }) {
      await client.query(CONFIGURE, [marginSeconds, jitterSeconds]);
      await client.query(RESCHEDULE);
    },
  };
}

/** Made with the first migration or not at all, so that a refused database is left as it was. */
const RECORD = `
  create table if not exists public.tokenline_migrations (
    name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;

const CONFIGURE = `
  update cafe24.refresh_settings
     set margin = make_interval(secs => $1), jitter = make_interval(secs => $2)`;

/** Grants that rest, are dead or were wished for keep their dates. */
const RESCHEDULE = `
  update cafe24.refresh_schedule schedule
     set due_at = cafe24.refresh_due_at(token.mall_id, token.expires_at)
    from cafe24.oauth_tokens token
   where token.mall_id = schedule.mall_id and token.status = 'active'
     and schedule.failures = 0 and schedule.wish_version is null
     and schedule.due_at <> cafe24.refresh_due_at(token.mall_id, token.expires_at)`;
