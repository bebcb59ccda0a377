import type pg from 'pg';
import { z } from 'zod';

/** One column as PostgreSQL's catalog describes it. */
const Column = z.object({
  name: z.string(),
  /** As `format_type` spells it: `timestamp with time zone`, `text[]`. */
  type: z.string(),
  isNotNull: z.boolean(),
  /** By a default or an identity: who inserts may leave it out. */
  isFilled: z.boolean(),
  /** It alone is the primary key. */
  isKey: z.boolean(),
});
export type Column = z.output<typeof Column>;

const Table = z.object({
  /** No view, no partitioned or foreign table. */
  isOrdinary: z.boolean(),
  columns: z.array(Column),
  /** Check constraints, with the columns that they look at. */
  checks: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
});
export type ExistingTable = z.output<typeof Table>;

const TABLE = `
  select relkind = 'r' as "isOrdinary",
         array(
           select jsonb_build_object(
                    'name', attname,
                    'type', format_type(atttypid, atttypmod),
                    'isNotNull', attnotnull,
                    'isFilled', atthasdef or attidentity <> '',
                    'isKey', exists (
                      select from pg_index
                       where indrelid = attrelid and indisprimary and indkey::text = attnum::text))
             from pg_attribute
            where attrelid = relation.oid and attnum > 0 and not attisdropped
            order by attnum) as columns,
         array(
           select jsonb_build_object(
                    'name', conname,
                    'columns', array(
                      select attname from pg_attribute
                       where attrelid = conrelid and attnum = any(conkey) order by attnum))
             from pg_constraint
            where conrelid = relation.oid and contype = 'c' order by conname) as checks
    from pg_class relation
   where relation.oid = to_regclass($1)`;

/** @returns `undefined`: there is no such table. */
export async function readTable(
  client: pg.Client,
  name: string,
): Promise<ExistingTable | undefined> {
  const { rows } = await client.query<Record<string, unknown>>(TABLE, [name]);
  return Table.optional().parse(rows[0]);
}
