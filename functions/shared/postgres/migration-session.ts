import pg from 'pg';
import { z } from 'zod';
import { obstaclesToAdoption } from './adoption.ts';
import { isActive } from './rows-of-others.ts';
import type { PostgresConfig } from './config.ts';
import { LOCK_TIMEOUT_MS, patiently } from './lock-patience.ts';
import { notesOn, unmetNeeds, type Plan } from './needs.ts';
import { assertOwnSession, poolerRefusal } from './own-session.ts';
import { toTokenlineError } from './postgres-errors.ts';

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** How a file is recorded. */
interface Fingerprint {
  readonly sha256: string;
  readonly isCompatible: boolean;
}

const AppliedRow = z.object({ name: z.string(), sha256: z.string(), isCompatible: z.boolean() });

interface Session {
  applied(): Promise<readonly z.output<typeof AppliedRow>[]>;
  unmetNeeds(plan: Plan): Promise<readonly string[]>;
  obstaclesToAdoption(): Promise<readonly string[]>;
  apply(migration: Migration, fingerprint: Fingerprint): Promise<void>;
  configure(refresh: RefreshSettings): Promise<void>;
  notes(): Promise<readonly string[]>;
}

interface RefreshSettings {
  readonly marginSeconds: number;
  readonly jitterSeconds: number;
}

/** Where the database is, and how long it is waited for. */
export interface MigratedDatabase {
  readonly config: PostgresConfig;
  readonly password: () => Promise<string>;
  /** From the beginning of the session; after it, no lock is tried for again. */
  readonly patienceMs?: number;
  /** The longest that an answer is waited for. */
  readonly answerMs?: number;
}

/** Any number that no other user of the database takes for an advisory lock of its own. */
const LOCK = 8_317_046_221;
const CONNECTION_TIMEOUT_MS = 10_000;
/** Less than the function's timeout: an error that says what waited beats a killed process. */
const STATEMENT_TIMEOUT_MS = 540_000;
/** The server's own time-out comes before: this ends the wait for a server that is gone. */
const ANSWER_MS = STATEMENT_TIMEOUT_MS + 10_000;
/**
 * A statement may be silent for minutes, in which only this tells a server that is gone from one that
 * works: after so long, ten probes a second apart (Node's `setKeepAlive`, read 2026-11).
 */
const KEEP_ALIVE_MS = 30_000;
const PATIENCE_MS = 90_000;

/**
 * Runs `work` on one connection that holds the migration lock; others wait for it. No lock is waited
 * for longer than a second, then it is tried for again.
 *
 * What was applied is recorded in `tokenline_migrations`, in the schema `public`.
 *
 * @throws OwnError a pooler by transaction stands between; a lock was not to be had in time; the
 *   connection was lost, and with it the file at hand: those before it stay.
 */
export async function postgresMigrationSession<Result>(
  database: MigratedDatabase,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const untilMs = performance.now() + (database.patienceMs ?? PATIENCE_MS);
  const client = await connect(database).catch(inOurWords);
  try {
    await patiently(client, untilMs, () => client.query('select pg_advisory_lock($1)', [LOCK]));
    await assertOwnSession(client, LOCK, () => connect(database));
    return await work(sessionOn(client, untilMs));
  } catch (error) {
    return inOurWords(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect({
  config,
  password,
  answerMs = ANSWER_MS,
}: MigratedDatabase): Promise<pg.Client> {
  const client = new pg.Client({
    host: config.PGHOST,
    port: config.PGPORT,
    user: config.PGUSER,
    database: config.PGDATABASE,
    ssl: config.PGSSLMODE === 'verify-full',
    password,
    application_name: 'tokenline migrate-database',
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: answerMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
  });
  // A connection that dies is told by the statement at hand, or the next; without a listener it would
  // end the process, and the deploy would hear of an exit code alone.
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw poolerRefusal(error);
  });
  return client;
}

function sessionOn(client: pg.Client, untilMs: number): Session {
  const retried = <Result>(attempt: () => Promise<Result>) => patiently(client, untilMs, attempt);
  return {
    applied: () => readApplied(client),
    unmetNeeds: (plan) => unmetNeeds(client, plan),
    obstaclesToAdoption: () => obstaclesToAdoption(client),
    apply: (migration, fingerprint) =>
      retried(() => apply(client, migration, fingerprint)).catch(inOurWords),
    async configure({ marginSeconds, jitterSeconds }) {
      await retried(() => client.query(CONFIGURE, [marginSeconds, jitterSeconds]));
      await retried(() => client.query(RESCHEDULE));
    },
    notes: () => notesOn(client),
  };
}

/** What the server says quotes rows: a deploy hears of it the SQLSTATE and the place. */
function inOurWords(error: unknown): never {
  throw toTokenlineError(error);
}

async function readApplied(client: pg.Client) {
  const found = await client.query(
    `select where to_regclass('public.tokenline_migrations') is null`,
  );
  if (found.rowCount === 1) return [];
  const { rows } = await client.query<Record<string, unknown>>(APPLIED);
  return z.array(AppliedRow).parse(rows);
}

async function apply(client: pg.Client, { name, sql }: Migration, fingerprint: Fingerprint) {
  await client.query('begin');
  try {
    await client.query(RECORD);
    await client.query(sql);
    await client.query(
      'insert into public.tokenline_migrations (name, sha256, is_compatible) values ($1, $2, $3)',
      [name, fingerprint.sha256, fingerprint.isCompatible],
    );
    await client.query('commit');
  } catch (error) {
    // Whatever else failed, nobody may answer any more; the end of the connection rolls back.
    if (error instanceof pg.DatabaseError) await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Releases before this column was there recorded nothing in it. */
const APPLIED = `
  select name, sha256,
         coalesce((to_jsonb(record) ->> 'is_compatible')::bool, false) as "isCompatible"
    from public.tokenline_migrations record order by name`;

/** Made with the first migration or not at all, so that a refused database is left as it was. */
const RECORD = `
  create table if not exists public.tokenline_migrations (
    name text primary key, sha256 text not null, applied_at timestamptz not null default now());
  alter table public.tokenline_migrations
    add column if not exists is_compatible boolean not null default false`;

const CONFIGURE = `
  update cafe24.refresh_settings
     set margin = make_interval(secs => $1), jitter = make_interval(secs => $2)`;

/** Grants that rest, are dead or were wished for keep their dates. */
const RESCHEDULE = `
  update cafe24.refresh_schedule schedule
     set due_at = cafe24.refresh_due_at(token.mall_id, token.expires_at)
    from cafe24.oauth_tokens token
   where token.mall_id = schedule.mall_id and ${isActive('token')}
     and schedule.failures = 0 and schedule.wish_version is null
     and schedule.due_at <> cafe24.refresh_due_at(token.mall_id, token.expires_at)`;
