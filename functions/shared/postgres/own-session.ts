import type pg from 'pg';
import { OwnError } from '../errors.ts';

const DIRECTLY =
  'Name the database itself in PGHOST and PGPORT, or a pooler that pools by session.';
/** How poolers refuse what they do not know of a login (PgBouncer's source, read 2026-11). */
const OF_A_POOLER = /unsupported startup parameter/i;

/**
 * Makes sure that what a session keeps is kept: locks and time-outs belong to the connection to the
 * server, which a pooler by transaction (PgBouncer's `transaction`) gives to somebody else at once.
 *
 * @param lock an advisory lock that `client` holds.
 * @param connect makes one more connection of the same kind.
 * @throws OwnError a pooler stands between, which shares one session among several clients.
 */
export async function assertOwnSession(
  client: pg.Client,
  lock: number,
  connect: () => Promise<pg.Client>,
): Promise<void> {
  if (!(await isAnsweredByAnother(client))) return;
  const second = await connect();
  try {
    // The session that has the lock gets it again; no other does.
    const { rows } = await second.query<{ shared: boolean }>(
      'select pg_try_advisory_lock($1) as shared',
      [lock],
    );
    if (rows[0]?.shared !== true) return;
    throw new OwnError(
      `Between tokenline and Postgres stands a pooler that pools by transaction: locks and time-outs of a session mean nothing there. ${DIRECTLY}`,
    );
  } finally {
    await second.end();
  }
}

/** @returns what a login that failed is told as, where a pooler is the cause. */
export function poolerRefusal(error: unknown): unknown {
  if (!(error instanceof Error && OF_A_POOLER.test(error.message))) return error;
  return new OwnError(
    `A pooler answered in the database's place and takes no time-outs with a login. ${DIRECTLY}`,
    { cause: error },
  );
}

/** A server tells its process with the login; who stands between makes up a number of its own. */
async function isAnsweredByAnother(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return 'processID' in client && client.processID !== rows[0]?.pid;
}
