import type { Story } from './e2e.ts';

/** The statements that wrote rows of some malls. */
export interface StatementCounter {
  /** @param writes e.g. `insert oauth_tokens`. */
  count(writes: string): Promise<number>;
  stop(): Promise<void>;
}

const TABLES = ['oauth_authorization_codes', 'token_attempts', 'oauth_tokens'] as const;
const KINDS = ['insert', 'update'] as const;

/**
 * Counts, in the database itself, the statements that write rows of these malls, whoever sends them:
 * those of other malls do not count. One at a time in a database.
 */
export async function countStatements(
  { sql }: Pick<Story, 'sql'>,
  malls: readonly string[],
): Promise<StatementCounter> {
  await drop(sql);
  await sql('create schema statement_counter');
  await sql('create table statement_counter.malls as select unnest($1::text[]) as mall_id', [
    malls,
  ]);
  await sql('create table statement_counter.seen (writes text)');
  await sql(`
    create function statement_counter.see() returns trigger language plpgsql as $$
    begin
      if exists (select from written join statement_counter.malls using (mall_id)) then
        insert into statement_counter.seen values (lower(tg_op) || ' ' || tg_table_name);
      end if;
      return null;
    end $$`);
  for (const table of TABLES) {
    for (const kind of KINDS) {
      await sql(`
        create trigger statement_counter_${kind} after ${kind} on cafe24.${table}
          referencing new table as written
          for each statement execute function statement_counter.see()`);
    }
  }
  return {
    count: async (writes) => {
      const [row] = await sql(
        'select count(*)::int as times from statement_counter.seen where writes = $1',
        [writes],
      );
      return Number(row?.['times']);
    },
    stop: () => drop(sql),
  };
}

/** Its triggers go with their function. */
async function drop(sql: Story['sql']): Promise<void> {
  await sql('drop schema if exists statement_counter cascade');
}
