import { createHash } from 'node:crypto';
import { OwnError } from '#shared/errors.ts';
import { errorField, type Log } from '#shared/log.ts';
import { toldMessage } from '#shared/told-error.ts';

/** One file of `migrations/`. Names sort in the order of their making; text never changes again. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** How a file that was applied is recorded. */
interface Fingerprint {
  readonly sha256: string;
  /**
   * Releases from before the file work on with it: they read and write as they did. The file says so
   * in its head, `-- compatible: yes`.
   */
  readonly isCompatible: boolean;
}

export interface AppliedMigration extends Fingerprint {
  readonly name: string;
}

/** The database while one process alone migrates it. */
export interface MigrationSession {
  applied(): Promise<readonly AppliedMigration[]>;
  /** What the database or our role in it lacks, each with the SQL that mends it. */
  unmetNeeds(plan: {
    readonly isFirst: boolean;
    readonly isChange: boolean;
  }): Promise<readonly string[]>;
  /**
   * What keeps the tables of a predecessor from being adopted, each named by table and column; none
   * where there is no such table.
   */
  obstaclesToAdoption(): Promise<readonly string[]>;
  /** Runs the file and records it, both or neither. */
  apply(migration: Migration, fingerprint: Fingerprint): Promise<void>;
  /** Stores when grants are due; dates that were computed otherwise are computed anew. */
  configure(refresh: RefreshSettings): Promise<void>;
  /** What an operator should know of the database, though nothing is wrong with it. */
  notes(): Promise<readonly string[]>;
}

/** What a deploy hears. */
export interface Migrated {
  /** The files that were applied now; none when there was nothing to do. */
  readonly applied: readonly string[];
  readonly notes: readonly string[];
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
 * @throws OwnError the database or our role in it lacks something, or tables of a predecessor are not as
 *   expected: the error names all of it, and nothing was changed. A file that was applied is missing
 *   and does not say that older releases work on with it, or reads differently now. A file failed:
 *   the error names it, and those before it stay applied. Whatever it is, the deploy fails.
 * @remarks Safe to call twice, also at once.
 */
export async function migrateDatabase(dependencies: Dependencies): Promise<Migrated> {
  const { migrations, refresh, alone, log } = dependencies;
  return await alone(async (session) => {
    const applied = await session.applied();
    const pending = pendingMigrations(migrations, applied);
    const plan = { isFirst: applied.length === 0, isChange: pending.length > 0 };
    refuse('The database is not fit for tokenline', await session.unmetNeeds(plan));
    if (plan.isFirst) {
      refuse('The tables that are there can not be adopted', await session.obstaclesToAdoption());
    }
    for (const migration of pending) {
      await session.apply(migration, fingerprintOf(migration)).catch((cause: unknown) => {
        const reason = toldMessage(errorField(cause).error);
        throw new OwnError(`Migration ${migration.name} failed: ${reason}`, { cause });
      });
      log.info('migration-applied', { migration: migration.name });
    }
    await session.configure(refresh);
    const notes = await session.notes();
    for (const note of notes) log.warn('database-note', { note });
    return { applied: pending.map(({ name }) => name), notes };
  });
}

function refuse(what: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new OwnError(`${what}, nothing was changed: ${problems.join('; ')}.`);
}

/** Of a database that a newer release has migrated, none: if what it has more is compatible. */
function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  for (const [index, { name, sha256, isCompatible }] of applied.entries()) {
    const migration = migrations[index];
    if (migration === undefined && isCompatible) continue;
    if (migration?.name !== name) {
      throw new OwnError(
        `Migration ${name} was applied to this database, but is not in this release, and does not say that older releases work on with it: deploy a release that has it.`,
      );
    }
    if (fingerprintOf(migration).sha256 !== sha256) {
      throw new OwnError(
        `Migration ${name} was changed after it was applied: add a new one instead.`,
      );
    }
  }
  return migrations.slice(applied.length);
}

const SAYS_COMPATIBLE = /^-- compatible: yes$/m;

function fingerprintOf({ sql }: Migration): Fingerprint {
  return {
    sha256: createHash('sha256').update(sql).digest('hex'),
    isCompatible: SAYS_COMPATIBLE.test(sql),
  };
}
