import { createHash } from 'node:crypto';
import type { Log } from '#shared/log.ts';

/** One file of `migrations/`. Names sort in the order of their making; text never changes again. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

export interface AppliedMigration {
  readonly name: string;
  readonly sha256: string;
}

/** The database while one process alone migrates it. */
export interface MigrationSession {
  applied(): Promise<readonly AppliedMigration[]>;
  /**
   * What keeps the tables of a predecessor from being adopted, each named by table and column; none
   * where there is no such table.
   */
  obstaclesToAdoption(): Promise<readonly string[]>;
  /** Runs the file and records it, both or neither. */
  apply(migration: Migration, sha256: string): Promise<void>;
  /** Stores when grants are due; dates that were computed otherwise are computed anew. */
  configure(refresh: RefreshSettings): Promise<void>;
}

export interface RefreshSettings {
  readonly marginSeconds: number;
  readonly jitterSeconds: number;
}

export interface Dependencies {
  readonly migrations: readonly Migration[];
  readonly refresh: RefreshSettings;
  /** Calls `work` while nobody else migrates. */
  readonly alone: <Result>(work: (session: MigrationSession) => Promise<Result>) => Promise<Result>;
  readonly log: Log;
}

/**
 * Brings the database to the newest migration, each file in a transaction of its own, and to the
 * deploy's configuration.
 *
 * @returns the names of the files that were applied now; none when there was nothing to do.
 * @throws Error tables of a predecessor are not as expected: the error names each column, and
 *   nothing was changed. A file that was applied is missing or reads differently now. A file failed:
 *   the error names it, and those before it stay applied. Whatever it is, the deploy fails.
 * @remarks Safe to call twice, also at once.
 */
export async function migrateDatabase(dependencies: Dependencies): Promise<readonly string[]> {
  const { migrations, refresh, alone, log } = dependencies;
  return await alone(async (session) => {
    const applied = await session.applied();
    if (applied.length === 0) await assertAdoptable(session);
    const pending = pendingMigrations(migrations, applied);
    for (const migration of pending) {
      await session.apply(migration, sha256Of(migration)).catch((cause: unknown) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`Migration ${migration.name} failed: ${reason}`, { cause });
      });
      log.info('migration-applied', { migration: migration.name });
    }
    await session.configure(refresh);
    return pending.map(({ name }) => name);
  });
}

async function assertAdoptable(session: MigrationSession): Promise<void> {
  const obstacles = await session.obstaclesToAdoption();
  if (obstacles.length === 0) return;
  throw new Error(
    `The tables that are there can not be adopted, nothing was changed: ${obstacles.join('; ')}.`,
  );
}

function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  for (const [index, { name, sha256 }] of applied.entries()) {
    const migration = migrations[index];
    if (migration?.name !== name) {
      throw new Error(
        `Migration ${name} was applied to this database, but is not in this release.`,
      );
    }
    if (sha256Of(migration) !== sha256) {
      throw new Error(`Migration ${name} was changed after it was applied: add a new one instead.`);
    }
  }
  return migrations.slice(applied.length);
}

function sha256Of({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}
