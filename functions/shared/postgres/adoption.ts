import type pg from 'pg';
import { z } from 'zod';
import { readTable, type Column, type ExistingTable } from './existing-tables.ts';

/** A table that a predecessor may have left, as the first migration takes it over. */
interface Predecessor {
  readonly name: string;
  /** The type of each column; `not null` where the predecessor's own definition says so. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that the migrations add. */
  readonly added: readonly string[];
  /** Whether a check constraint could forbid what tokenline writes. */
  readonly isWritten: boolean;
  /** What must not be among its rows: each with the column to blame and a count of culprits. */
  readonly rows: readonly {
    readonly column: string;
    readonly what: string;
    readonly count: string;
  }[];
}

/** To the letter what the predecessor's documentation defines. */
const TOKENS: Predecessor = {
  name: 'cafe24.oauth_tokens',
  columns: {
    id: 'bigint not null',
    access_token: 'text not null',
    expires_at: 'timestamp with time zone not null',
    refresh_token: 'text not null',
    refresh_token_expires_at: 'timestamp with time zone not null',
    client_id: 'text',
    mall_id: 'text not null',
    user_id: 'text',
    scopes: 'text[]',
    token_type: 'text not null',
    issued_at: 'timestamp with time zone not null',
    updated_at: 'timestamp with time zone not null',
    status: 'text not null',
  },
  added: ['version', 'exchange_no'],
  isWritten: true,
  rows: [
    {
      column: 'mall_id',
      what: 'malls with several rows',
      count: `select count(*) from (
        select from cafe24.oauth_tokens group by mall_id having count(*) > 1) several`,
    },
    {
      column: 'mall_id',
      what: 'index ux_oauth_tokens_mall_id that is not unique over mall_id alone',
      count: `select count(*) from pg_index
        where indexrelid = to_regclass('cafe24.ux_oauth_tokens_mall_id')
          and not (indisunique and indisvalid and indpred is null and indnatts = 1
                   and indrelid = to_regclass('cafe24.oauth_tokens')
                   and indkey[0] = (select attnum from pg_attribute
                                     where attrelid = indrelid and attname = 'mall_id'))`,
    },
  ],
};

const rowsWithout = (column: string) => ({
  column,
  what: 'rows without a value',
  count: `select count(*) from cafe24.oauth_authorization_codes where ${column} is null`,
});

/** The predecessor's documentation names this table without defining it: what it must have, by use. */
const CODES: Predecessor = {
  name: 'cafe24.oauth_authorization_codes',
  columns: {
    id: 'bigint not null',
    mall_id: 'text',
    code: 'text',
    created_at: 'timestamp with time zone',
  },
  added: ['status', 'received_at', 'code_sha256', 'announce_again_at', 'announcement_id'],
  isWritten: false,
  rows: ['mall_id', 'code', 'created_at'].map(rowsWithout),
};

const Count = z.tuple([z.object({ count: z.coerce.number().int() })]);

/**
 * What keeps a predecessor's tables from being adopted, each named by table and column.
 *
 * The migrations themselves would take much of it and fail later, in the functions: a time without a
 * zone is nine hours wrong, `scopes` as text refuses every grant.
 *
 * @returns none where the tables are as they are expected, or not there.
 * @remarks Only reads.
 */
export async function obstaclesToAdoption(client: pg.Client): Promise<readonly string[]> {
  const obstacles: string[] = [];
  for (const predecessor of [TOKENS, CODES]) {
    const table = await readTable(client, predecessor.name);
    if (table === undefined) continue;
    const wrong = wrongColumns(table, predecessor);
    // Rows are looked at by names that must be there.
    obstacles.push(...(wrong.length > 0 ? wrong : await wrongRows(client, predecessor)));
  }
  return obstacles;
}

function wrongColumns(table: ExistingTable, predecessor: Predecessor): string[] {
  const { name, columns, added, isWritten } = predecessor;
  if (!table.isOrdinary) return [`${name}: expected an ordinary table`];
  const found = new Map(table.columns.map((column) => [column.name, column]));
  const about = (column: string, problem: string | undefined) =>
    problem === undefined ? [] : [`${name}.${column}: ${problem}`];
  return [
    ...Object.entries(columns).flatMap(([column, type]) =>
      about(column, wrongKnown(column, type, found.get(column))),
    ),
    ...table.columns
      .filter((column) => !(column.name in columns))
      .flatMap((column) => about(column.name, wrongUnknown(column, added))),
    ...table.checks.flatMap(({ name: check, columns: [column = '*'] }) =>
      about(column, isWritten ? `expected no check constraint, found ${check}` : undefined),
    ),
  ];
}

function wrongKnown(name: string, expected: string, found: Column | undefined): string | undefined {
  if (found === undefined) return 'is missing';
  const isRequired = expected.endsWith(' not null');
  const type = expected.replace(' not null', '');
  if (found.type !== type) return `expected ${type}, found ${found.type}`;
  if (isRequired && !found.isNotNull) return 'expected not null';
  // Who stores a code names no time: the table has to set it, or do without.
  if (name === 'created_at' && found.isNotNull && !found.isFilled) {
    return 'expected a default or to allow null';
  }
  if (name !== 'id') return undefined;
  if (!found.isKey) return 'expected the primary key';
  return found.isFilled ? undefined : 'expected a default (a sequence) or an identity';
}

function wrongUnknown(
  { name, isNotNull, isFilled }: Column,
  added: readonly string[],
): string | undefined {
  if (added.includes(name)) return 'is there already, but tokenline adds a column of this name';
  return isNotNull && !isFilled
    ? 'tokenline does not know it, so it needs a default or must allow null'
    : undefined;
}

async function wrongRows(client: pg.Client, { name, rows }: Predecessor): Promise<string[]> {
  const wrong: string[] = [];
  for (const { column, what, count } of rows) {
    const [found] = Count.parse((await client.query<Record<string, unknown>>(count)).rows);
    if (found.count > 0) wrong.push(`${name}.${column}: ${String(found.count)} ${what}`);
  }
  return wrong;
}
