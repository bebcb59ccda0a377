import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { OwnError } from '../errors.ts';

/**
 * Of one wait for a lock. Whoever comes after us waits behind us, plain SELECTs included; a file may
 * lock two shared tables one after the other: together less than a second.
 */
export const LOCK_TIMEOUT_MS = 400;
/** Lets those through who queued behind us. */
const PAUSE_MS = 600;

/** Somebody has the lock, or waits for one of ours while we wait for theirs. */
const NOT_NOW = new Set<string | undefined>(['55P03', '40P01']);

/**
 * Tries until every lock of `work` is to be had, which is a transaction or a statement: it is rolled
 * back before it is tried again.
 *
 * @param untilMs of `performance.now()`; no try begins later.
 * @throws OwnError the time is over: it names who holds locks, and since when.
 */
export async function patiently<Result>(
  client: pg.Client,
  untilMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const outcome = await unlessLocked(work);
    if ('result' in outcome) return outcome.result;
    if (performance.now() > untilMs) throw await stillLocked(client, outcome.locked);
    await pause(PAUSE_MS);
  }
}

async function unlessLocked<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result } | { readonly locked: unknown }> {
  try {
    return { result: await work() };
  } catch (error) {
    if (error instanceof pg.DatabaseError && NOT_NOW.has(error.code)) return { locked: error };
    throw error;
  }
}

const Holders = z.array(z.object({ holder: z.string() }));

/** Other sessions' locks on tables of ours, and on the migration itself. */
const HOLDERS = `
  select distinct
         format('session %s (user %s%s) on %s since %s', activity.pid, activity.usename,
                ', ' || nullif(activity.application_name, ''),
                coalesce(held.relation::regclass::text, 'the migration'),
                coalesce(to_char(activity.xact_start at time zone 'utc',
                                 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'an unknown time')) as holder
    from pg_locks held
    join pg_stat_activity activity using (pid)
    left join pg_class on pg_class.oid = held.relation
   where held.granted and held.pid <> pg_backend_pid()
     and held.database = (select oid from pg_database where datname = current_database())
     and (held.locktype = 'advisory'
          or pg_class.relnamespace = to_regnamespace('cafe24')
             and pg_class.relkind in ('r', 'p', 'v', 'm', 'f'))
   order by 1 limit 10`;

async function stillLocked(client: pg.Client, cause: unknown): Promise<Error> {
  const { rows } = await client.query<Record<string, unknown>>(HOLDERS);
  const holders = Holders.parse(rows).map(({ holder }) => holder);
  const who = holders.length === 0 ? 'nobody any more' : holders.join('; ');
  return new OwnError(
    `A lock was not to be had in time. Held by: ${who}. End these sessions or let them finish, then deploy again.`,
    { cause },
  );
}
