import pg from 'pg';
import { DependencyRefusedError, DependencyUnavailableError, TokenlineError } from '../errors.ts';

/** SQLSTATE classes that the same statement with the same values will meet again. */
const PERMANENT_CLASSES = new Set(['22', '23']);

/**
 * Names what went wrong by SQLSTATE (PostgreSQL 17 manual, appendix A); never with the statement,
 * its values or the server's detail, which quote rows.
 */
export function toTokenlineError(error: unknown): unknown {
  if (error instanceof TokenlineError) return error;
  if (error instanceof pg.DatabaseError) return fromSqlState(error);
  return error instanceof Error && isConnectionFailure(error)
    ? new DependencyUnavailableError('database-unavailable', 'Postgres can not be reached.', {
        cause: error,
      })
    : error;
}

function fromSqlState(error: pg.DatabaseError): TokenlineError {
  const sqlState = error.code ?? 'unknown';
  const place = error.constraint ?? error.column ?? error.table;
  const where = place === undefined ? '' : ` (${place})`;
  return PERMANENT_CLASSES.has(sqlState.slice(0, 2))
    ? new DependencyRefusedError(
        'database-refused',
        `Postgres refused the row: ${sqlState}${where}.`,
      )
    : new DependencyUnavailableError(
        'database-unavailable',
        `Postgres could not do it now: ${sqlState}${where}.`,
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
