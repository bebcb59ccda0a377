import pg from 'pg';
import {
  ConfigurationError,
  DependencyRefusedError,
  DependencyUnavailableError,
  OwnError,
  TokenlineError,
} from '../errors.ts';

/**
 * SQLSTATE classes that the same statement with the same values will meet again: what a value is
 * (22), what the table allows (23), what a view of it allows (44), how large a value may be (54).
 */
const PERMANENT_CLASSES = new Set(['22', '23', '44', '54']);

/** A login, or a database that is not there: for an operator to mend. */
const OUR_FAULT_CLASSES = new Set(['28', '3D']);
const INVALID_PASSWORD = '28P01';

/** Lost connections, a transaction that may not write, no resources, an operator's intervention. */
const WHOLE_DATABASE_CLASSES = new Set(['08', '25', '53', '57']);
/** Class 57, but of this statement alone: its time-out. */
const QUERY_CANCELED = '57014';
const DEADLOCK_DETECTED = '40P01';
const LOCK_NOT_AVAILABLE = '55P03';
/** Two rows of a set were about one row of the table. */
const CARDINALITY_VIOLATION = '21000';

/**
 * What the server said, without the rest: its message and detail quote rows.
 */
class SqlStateError extends OwnError {
  override readonly name = 'SqlStateError';
  readonly sqlState: string;

  constructor(sqlState: string) {
    super(`SQLSTATE ${sqlState}`);
    this.sqlState = sqlState;
  }
}

/**
 * Names what went wrong by SQLSTATE (PostgreSQL 17 manual, appendix A); never with the statement,
 * its values or the server's detail, which quote rows.
 */
export function toTokenlineError(error: unknown): unknown {
  if (error instanceof OwnError) return error;
  if (error instanceof pg.DatabaseError) return fromSqlState(error);
  return error instanceof Error && isConnectionFailure(error)
    ? new DependencyUnavailableError('database-unavailable', 'Postgres can not be reached.', {
        cause: error,
      })
    : error;
}

/** The server's own error, as pg throws it, of a login with a wrong password. */
export function isLoginRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === INVALID_PASSWORD;
}

/** Another transaction had what ours wanted, and the other way round: repeated, it may go through. */
export function isDeadlock(error: unknown): boolean {
  return sqlStateOf(error) === DEADLOCK_DETECTED;
}

/** Somebody kept a row locked for too long; where nobody looks for deadlocks in time, one of these. */
export function isLockTimeout(error: unknown): boolean {
  return sqlStateOf(error) === LOCK_NOT_AVAILABLE;
}

/** One row of a set was refused for good, or did not go together with another: alone they may. */
export function isOfOneRow(error: unknown): boolean {
  return error instanceof DependencyRefusedError || sqlStateOf(error) === CARDINALITY_VIOLATION;
}

/**
 * Whether one row of a set may have failed the others, so that they should be tried alone; not so
 * when the database as a whole is away, for then all would fail alike.
 */
export function mayBeOneRows(error: unknown): boolean {
  const sqlState = sqlStateOf(error);
  if (sqlState === undefined) return !(error instanceof TokenlineError);
  const sqlClass = sqlState.slice(0, 2);
  const isOfAll = WHOLE_DATABASE_CLASSES.has(sqlClass) || OUR_FAULT_CLASSES.has(sqlClass);
  return sqlState === QUERY_CANCELED || !isOfAll;
}

function sqlStateOf(error: unknown): string | undefined {
  return error instanceof TokenlineError && error.cause instanceof SqlStateError
    ? error.cause.sqlState
    : undefined;
}

function fromSqlState(error: pg.DatabaseError): TokenlineError {
  const sqlState = error.code ?? 'unknown';
  const sqlClass = sqlState.slice(0, 2);
  const place = error.constraint ?? error.column ?? error.table;
  const what = place === undefined ? sqlState : `${sqlState} (${place})`;
  const cause = new SqlStateError(sqlState);
  if (PERMANENT_CLASSES.has(sqlClass)) {
    return new DependencyRefusedError('database-refused', `Postgres refused the row: ${what}.`, {
      cause,
    });
  }
  if (OUR_FAULT_CLASSES.has(sqlClass)) {
    return new ConfigurationError(
      `Postgres does not let us in: ${what}. Check PGUSER, PGDATABASE and the password.`,
      { cause },
    );
  }
  return new DependencyUnavailableError(
    'database-unavailable',
    `Postgres could not do it now: ${what}.`,
    { cause },
  );
}

/** pg reports its own time-outs and a lost socket as plain errors without a code. */
function isConnectionFailure(error: Error): boolean {
  return (
    'syscall' in error ||
    error instanceof AggregateError ||
    /timeout|terminat|connect/i.test(error.message)
  );
}
