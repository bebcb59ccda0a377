import pg from 'pg';
import { beforeEach, inject } from 'vitest';
import { readMigrations } from '#functions/migrate-database/dependencies.ts';
import {
  migrateDatabase,
  type Migrated,
  type Migration,
  type MigrationSession,
} from '#functions/migrate-database/migrate-database.ts';
import type { PostgresConfig } from '#shared/postgres/config.ts';
import { postgresMigrationSession } from '#shared/postgres/migration-session.ts';
import { createEmptyDatabase } from './database.ts';
import { recordingLog } from './recording-log.ts';

const REFRESH = { marginSeconds: 900, jitterSeconds: 900 };

interface Deployer {
  readonly user?: string;
  readonly password?: string;
  readonly port?: number;
  readonly database?: string;
  readonly patienceMs?: number;
  readonly answerMs?: number;
}

/** An empty database for each test, and what a deploy does to it. */
export class MigrationStage {
  readonly #postgres = inject('localAws').postgres;
  #config: PostgresConfig | undefined;
  #as: Deployer = {};

  constructor() {
    beforeEach(async () => {
      this.#as = {};
      this.#config = await createEmptyDatabase(this.#postgres);
    });
  }

  /** How deploys of this test go on; the next test begins anew. */
  deployAs(deployer: Deployer): void {
    this.#as = deployer;
  }

  /** The project's own files, as a deploy does it. */
  async deploy(refresh = REFRESH): Promise<readonly string[]> {
    return (await this.migrated(refresh)).applied;
  }

  /** The same, with all that the deploy hears. */
  migrated(refresh = REFRESH): Promise<Migrated> {
    const alone = <Result>(work: (session: MigrationSession) => Promise<Result>) =>
      this.#alone(work);
    const migrations = readMigrations();
    return migrateDatabase({ migrations, refresh, log: recordingLog(), alone });
  }

  /** Files of the test's own, on a database that has nothing to configure. */
  async migrate(migrations: readonly Migration[]): Promise<readonly string[]> {
    const { applied } = await migrateDatabase({
      migrations,
      refresh: REFRESH,
      log: recordingLog(),
      alone: (work) =>
        this.#alone((session) => work({ ...session, configure: () => Promise.resolve() })),
    });
    return applied;
  }

  /** A connection of the test's own, which it ends. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#postgres, database: this.#database.PGDATABASE });
    await client.connect();
    return client;
  }

  async sql(text: string): Promise<Record<string, unknown>[]> {
    const client = await this.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  #alone<Result>(work: (session: MigrationSession) => Promise<Result>): Promise<Result> {
    const { user, password, port, patienceMs, answerMs } = { ...this.#postgres, ...this.#as };
    const PGDATABASE = this.#as.database ?? this.#database.PGDATABASE;
    return postgresMigrationSession(
      {
        config: { ...this.#database, PGUSER: user, PGPORT: port, PGDATABASE },
        password: () => Promise.resolve(password),
        ...(patienceMs !== undefined && { patienceMs }),
        ...(answerMs !== undefined && { answerMs }),
      },
      work,
    );
  }

  get #database(): PostgresConfig {
    if (this.#config === undefined) throw new Error('before beforeEach');
    return this.#config;
  }
}
