import pg from 'pg';
import type { z } from 'zod';
import type { Log } from '../log.ts';
import type { PostgresConfig } from './config.ts';
import { toTokenlineError } from './postgres-errors.ts';

/** A statement and the shape of the rows that it returns. */
export interface Statement<Row extends z.ZodType> {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly row: Row;
}

/** Every method throws {@link DependencyUnavailableError} (retry) or {@link DependencyRefusedError} (reject). */
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
/** The server gives up before the client does, so that nothing is applied after we stopped waiting. */
const TIMEOUTS = {
  connectionTimeoutMillis: 1_000,
  query_timeout: 1_000,
  statement_timeout: 800,
  lock_timeout: 600,
  idle_in_transaction_session_timeout: 5_000,
};

export function postgresDatabase(
  config: PostgresConfig,
  password: () => Promise<string>,
  log: Log,
): Database {
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
    run: (statement) => mapped(() => runOn(pool, statement)),
    runFresh: (statement) =>
      mapped(() => withClient(new pg.Client(settings), (client) => runOn(client, statement))),
    transaction: (work) => mapped(() => inTransaction(pool, work)),
    end: () => pool.end(),
  };
}

function clientSettings(config: PostgresConfig, password: () => Promise<string>): pg.ClientConfig {
  return {
    host: config.PGHOST,
    port: config.PGPORT,
    user: config.PGUSER,
    database: config.PGDATABASE,
    ssl: config.PGSSLMODE === 'verify-full',
    password,
    keepAlive: true,
    ...TIMEOUTS,
  };
}

async function runOn<Row extends z.ZodType>(
  connection: Pick<pg.ClientBase, 'query'> | pg.Pool,
  { text, values, row }: Statement<Row>,
): Promise<z.output<Row>[]> {
  const { rows } = await connection.query<Record<string, unknown>>(text, [...values]);
  return rows.map((found) => row.parse(found));
}

/**
 * A client outside of its pool emits `error` when its connection dies. Its statements fail as well,
 * and that is enough: without a listener the whole process would end, with a grant in hand.
 */
function toldByItsStatement(): void {
  // Nothing more to do.
}

async function withClient<Result>(
  client: pg.Client,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  client.on('error', toldByItsStatement);
  await client.connect();
  try {
    return await work(client);
  } finally {
    void client.end().catch(() => undefined);
  }
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (run: Database['run']) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  client.on('error', toldByItsStatement);
  try {
    await client.query('begin isolation level read committed');
    const result = await work((statement) => runOn(client, statement));
    await client.query('commit');
    client.off('error', toldByItsStatement);
    client.release();
    return result;
  } catch (error) {
    // Closing the connection rolls back, also when the server no longer answers.
    client.release(true);
    throw error;
  }
}

async function mapped<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toTokenlineError(error);
  }
}
