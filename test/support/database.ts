import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import type { PostgresAddress } from '#infra/local/local-aws.ts';
import { readMigrations } from '#functions/migrate-database/dependencies.ts';
import { migrateDatabase } from '#functions/migrate-database/migrate-database.ts';
import type { PostgresConfig } from '#shared/postgres/config.ts';
import { postgresDatabase, type Database } from '#shared/postgres/database.ts';
import { postgresMigrationSession } from '#shared/postgres/migration-session.ts';
import { fixedSecret } from '#shared/ssm/secret.ts';
import { recordingLog } from './recording-log.ts';

/** Any number: test files that start at once make one template. */
const TEMPLATE_LOCK = 77_001;

export interface TestDatabase {
  readonly config: PostgresConfig;
  readonly password: string;
  readonly database: Database;
  /** Plain SQL, for what a test arranges and what it looks at. */
  readonly sql: (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** A database of its own for one test file, copied from a migrated template. */
export async function createTestDatabase(address: PostgresAddress): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await copyTemplate(address, name);
  const config = configOf(address, name);
  const { password } = address;
  const database = postgresDatabase(config, fixedSecret(password), recordingLog());
  const pool = new pg.Pool({ ...address, database: name, max: 2 });
  // Dropped by force, the database may still tell so a connection that the pool has just let go.
  pool.on('error', () => undefined);
  return {
    config,
    password,
    database,
    sql: async (text, values = []) => {
      const { rows } = await pool.query<Record<string, unknown>>(text, [...values]);
      return rows;
    },
    drop: async () => {
      await Promise.all([database.end(), pool.end()]);
      await asAdmin(address, (admin) =>
        admin.query(`drop database if exists ${name} with (force)`),
      );
    },
  };
}

/** An empty database: for the migrations themselves. */
export async function createEmptyDatabase(address: PostgresAddress): Promise<PostgresConfig> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(address, (admin) => admin.query(`create database ${name}`));
  return configOf(address, name);
}

function configOf(address: PostgresAddress, database: string): PostgresConfig {
  return {
    PGHOST: address.host,
    PGPORT: address.port,
    PGUSER: address.user,
    PGDATABASE: database,
    PGSSLMODE: 'disable',
  };
}

async function copyTemplate(address: PostgresAddress, name: string): Promise<void> {
  const template = `template_${fingerprintOfMigrations()}`;
  await asAdmin(address, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const found = await admin.query('select from pg_database where datname = $1', [template]);
    if (found.rowCount === 0) await makeTemplate(address, template, admin);
    await admin.query(`create database ${name} template ${template}`);
  });
}

async function makeTemplate(address: PostgresAddress, name: string, admin: pg.Client) {
  await admin.query(`drop database if exists ${name}_unfinished`);
  await admin.query(`create database ${name}_unfinished`);
  await migrateDatabase({
    migrations: readMigrations(),
    log: recordingLog(),
    refresh: { marginSeconds: 900, jitterSeconds: 900 },
    alone: (work) =>
      postgresMigrationSession(
        {
          config: configOf(address, `${name}_unfinished`),
          password: () => Promise.resolve(address.password),
        },
        work,
      ),
  });
  await admin.query(`alter database ${name}_unfinished rename to ${name}`);
}

function fingerprintOfMigrations(): string {
  const hash = createHash('sha256');
  for (const { name, sql } of readMigrations()) hash.update(name).update(sql);
  return hash.digest('hex').slice(0, 12);
}

async function asAdmin(address: PostgresAddress, work: (admin: pg.Client) => Promise<unknown>) {
  const admin = new pg.Client({ ...address, database: 'postgres' });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
