import pg from 'pg';
import type { z } from 'zod';
import { COMMIT_MS } from '../grants/timing.ts';
import type { Log } from '../log.ts';
import type { Secret } from '../ssm/secret.ts';
import type { PostgresConfig } from './config.ts';
import { isLoginRefused, toTokenlineError } from './postgres-errors.ts';

/** A statement and the shape of the rows that it returns. */
export interface Statement<Row extends z.ZodType> {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly row: Row;
  /** Of a call by itself, for who has less than the second that each may take. */
  readonly withinMs?: number;
}

/**
 * Every method throws {@link DependencyUnavailableError} (retry), {@link ConfigurationError} (retry:
 * our login is refused) or {@link DependencyRefusedError} (reject). `run` and `runFresh` end within a second, the wait for a connection included.
 */
export interface Database {
  run<Row extends z.ZodType>(statement: Statement<Row>): Promise<z.output<Row>[]>;
  /** On a connection made for this statement: after a failure a pooled one may be as dead as the last. */
  runFresh<Row extends z.ZodType>(statement: Statement<Row>): Promise<z.output<Row>[]>;
  /** READ COMMITTED: each statement sees what was committed before it began. */
  transaction<Result>(work: (run: Database['run']) => Promise<Result>): Promise<Result>;
  end(): Promise<void>;
}

/** What a batch can use at once. Times the function's concurrency it must fit `max_connections`. */
const MAX_CONNECTIONS = 10;
/**
 * Longer than any invocation: the commit of a grant finds the connection that its begin used. pg
 * closes idle ones after 10 s, a provider may take 50, and a login would stand between the answer
 * and its first durable write.
 */
const IDLE_CONNECTION_MS = 90_000;
/**
 * The server gives up before the client does, so that nothing is applied after we stopped waiting;
 * but for a statement that had to wait for its connection: what that took, the client waits less.
 *
 * A wait for a lock ends before Postgres looks for a deadlock (`deadlock_timeout`, 1 s if nobody set
 * it), so one shows itself as 55P03, to whoever waited first; 40P01 comes where it is set lower.
 */
const TIMEOUTS = {
  connectionTimeoutMillis: COMMIT_MS,
  query_timeout: COMMIT_MS,
  statement_timeout: 800,
  lock_timeout: 600,
  idle_in_transaction_session_timeout: 5_000,
};

export function postgresDatabase(config: PostgresConfig, password: Secret, log: Log): Database {
  const settings = clientSettings(config, password);
  const pool = new pg.Pool({
    ...settings,
    max: MAX_CONNECTIONS,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
  });
  // An idle socket can die while the sandbox is frozen: the pool drops it, the process goes on.
  pool.on('error', (error) => {
    log.warn('idle-database-connection-lost', { error });
  });
  return {
    async run(statement) {
      const leftMs = callTime(statement.withinMs);
      const alone = () => runAlone(settings, statement, leftMs);
      return await loggedIn(password, () => runPooled(pool, statement, leftMs), alone);
    },
    async runFresh(statement) {
      const leftMs = callTime(statement.withinMs);
      return await loggedIn(password, () => runAlone(settings, statement, leftMs));
    },
    transaction: (work) => loggedIn(password, () => inTransaction(pool, work)),
    end: () => pool.end(),
  };
}

/**
 * Works with the password as it was read, and once more with the password of today when that one is
 * refused: it may have been rotated. A login comes before everything, so nothing was done.
 */
async function loggedIn<Result>(
  password: Secret,
  work: () => Promise<Result>,
  again = work,
): Promise<Result> {
  return await work()
    .catch((error: unknown) => {
      if (!isLoginRefused(error)) throw error;
      password.forget();
      return again();
    })
    .catch((error: unknown) => {
      throw toTokenlineError(error);
    });
}

function clientSettings(config: PostgresConfig, password: Secret): pg.ClientConfig {
  return {
    host: config.PGHOST,
    port: config.PGPORT,
    user: config.PGUSER,
    database: config.PGDATABASE,
    ssl: config.PGSSLMODE === 'verify-full',
    password: () => password.read(),
    keepAlive: true,
    ...TIMEOUTS,
  };
}

/** @param timeoutMs how long the client waits; without it, as long as it is set up to. */
async function runOn<Row extends z.ZodType>(
  client: pg.ClientBase,
  { text, values, row }: Statement<Row>,
  timeoutMs?: number,
): Promise<z.output<Row>[]> {
  // pg reads it of each query (client.js, 8.23), though its types know it of the client only.
  const query = { text, values: [...values], query_timeout: timeoutMs };
  const { rows } = await client.query<Record<string, unknown>>(query);
  return rows.map((found) => row.parse(found));
}

/** What is left of the time of a call, in ms: 1 at least, since 0 would be no time-out at all. */
function callTime(withinMs = COMMIT_MS): () => number {
  const endMs = performance.now() + withinMs;
  return () => Math.max(1, endMs - performance.now());
}

/**
 * A client outside of its pool emits `error` when its connection dies. Its statements fail as well,
 * and that is enough: without a listener the whole process would end, with a grant in hand.
 */
function toldByItsStatement(): void {
  // Nothing more to do.
}

async function runPooled<Row extends z.ZodType>(
  pool: pg.Pool,
  statement: Statement<Row>,
  leftMs: () => number,
): Promise<z.output<Row>[]> {
  return await withPooled(pool, (client) => runOn(client, statement, leftMs()));
}

async function runAlone<Row extends z.ZodType>(
  settings: pg.ClientConfig,
  statement: Statement<Row>,
  leftMs: () => number,
): Promise<z.output<Row>[]> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: leftMs() });
  client.on('error', toldByItsStatement);
  await client.connect();
  try {
    return await runOn(client, statement, leftMs());
  } finally {
    void client.end().catch(() => undefined);
  }
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (run: Database['run']) => Promise<Result>,
): Promise<Result> {
  return await withPooled(pool, async (client) => {
    await client.query('begin isolation level read committed');
    const result = await work((statement) => runOn(client, statement));
    await client.query('commit');
    return result;
  });
}

async function withPooled<Result>(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  client.on('error', toldByItsStatement);
  try {
    const result = await work(client);
    client.off('error', toldByItsStatement);
    client.release();
    return result;
  } catch (error) {
    // Closing the connection rolls back, also when the server no longer answers; and nobody knows
    // what a connection is good for after a failure.
    client.release(true);
    throw error;
  }
}
