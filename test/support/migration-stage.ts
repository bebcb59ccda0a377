import pg from 'pg';
import { beforeEach, inject } from 'vitest';
import { readMigrations } from '#functions/migrate-database/dependencies.ts';
import {
  migrateDatabase,
  type Migration,
  type MigrationSession,
} from '#functions/migrate-database/migrate-database.ts';
import type { PostgresConfig } from '#shared/postgres/config.ts';
import { postgresMigrationSession } from '#shared/postgres/migration-session.ts';
import { createEmptyDatabase } from './database.ts';
import { recordingLog } from './recording-log.ts';

const REFRESH = { marginSeconds: 900, jitterSeconds: 900 };

/** An empty database for each test, and what a deploy does to it. */
export class MigrationStage {
  readonly #postgres = inject('localAws').postgres;
  #config: PostgresConfig | undefined;

  constructor() {
    beforeEach(async () => {
      this.#config = await createEmptyDatabase(this.#postgres);
    });
  }

  /** The project's own files, as a deploy does it. */
  deploy(refresh = REFRESH): Promise<readonly string[]> {
    const alone = <Result>(work: (session: MigrationSession) => Promise<Result>) =>
      this.#alone(work);
    return migrateDatabase({ migrations: readMigrations(), refresh, log: recordingLog(), alone });
  }

  /** Files of the test's own, on a database that has nothing to configure. */
  migrate(migrations: readonly Migration[]): Promise<readonly string[]> {
    return migrateDatabase({
      migrations,
      refresh: REFRESH,
      log: recordingLog(),
      alone: (work) =>
        this.#alone((session) => work({ ...session, configure: () => Promise.resolve() })),
    });
  }

  async sql(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ ...this.#postgres, database: this.#database.PGDATABASE });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  #alone<Result>(work: (session: MigrationSession) => Promise<Result>): Promise<Result> {
    const password = () => Promise.resolve(this.#postgres.password);
    return postgresMigrationSession(this.#database, password, work);
  }

  get #database(): PostgresConfig {
    if (this.#config === undefined) throw new Error('before beforeEach');
    return this.#config;
  }
}
