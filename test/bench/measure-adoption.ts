import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { readMigrations } from '#functions/migrate-database/dependencies.ts';
import { migrateDatabase } from '#functions/migrate-database/migrate-database.ts';
import type { PostgresAddress } from '#infra/local/local-aws.ts';
import { postgresMigrationSession } from '#shared/postgres/migration-session.ts';
import { createEmptyDatabase } from '#test/support/database.ts';
import { CODES, INDEX, TOKENS } from '#test/support/predecessor-tables.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const ROWS = 1_000_000;
const READ_EVERY_MS = 10;

export interface AdoptionFigures {
  readonly migration: string;
  readonly seconds: number;
  /** The longest that a plain SELECT of somebody else's took meanwhile. */
  readonly longestTokenReadMs: number;
  readonly longestCodeReadMs: number;
}

/** A predecessor's tables with a million rows each are adopted, while others go on reading them. */
export async function measureAdoption(address: PostgresAddress): Promise<AdoptionFigures[]> {
  const config = await createEmptyDatabase(address);
  const connect = async () => {
    const client = new pg.Client({ ...address, database: config.PGDATABASE });
    await client.connect();
    return client;
  };
  const owner = await connect();
  await owner.query(FILL);
  const tokens = readAgainAndAgain(await connect(), 'cafe24.oauth_tokens');
  const codes = readAgainAndAgain(await connect(), 'cafe24.oauth_authorization_codes');
  const figures: AdoptionFigures[] = [];
  await migrateDatabase({
    migrations: readMigrations(),
    refresh: { marginSeconds: 900, jitterSeconds: 900 },
    log: recordingLog(),
    alone: (work) =>
      postgresMigrationSession(
        { config, password: () => Promise.resolve(address.password) },
        (session) =>
          work({
            ...session,
            async apply(migration, fingerprint) {
              const beganMs = performance.now();
              await session.apply(migration, fingerprint);
              const seconds = Number(((performance.now() - beganMs) / 1000).toFixed(2));
              // Whoever waited has been answered by now.
              await pause(200);
              figures.push({
                migration: migration.name,
                seconds,
                longestTokenReadMs: tokens.longestMs(),
                longestCodeReadMs: codes.longestMs(),
              });
            },
          }),
      ),
  });
  await Promise.all([tokens.stop(), codes.stop(), owner.end()]);
  return figures;
}

const FILL = `
  create schema cafe24; ${TOKENS} ${INDEX} ${CODES}
  insert into cafe24.oauth_tokens
         (access_token, expires_at, refresh_token, refresh_token_expires_at, client_id, mall_id, scopes)
  select repeat('a', 64), now() + interval '2 hours', repeat('r', 64), now() + interval '14 days',
         'client', 'mall-' || n, '{mall.read_order,mall.read_product}'
    from generate_series(1, ${ROWS}) n;
  insert into cafe24.oauth_authorization_codes (mall_id, code)
  select 'mall-' || n, md5(n::text) from generate_series(1, ${ROWS}) n;
  analyze`;

/** One row, by its key, as somebody else's service reads it. */
function readAgainAndAgain(client: pg.Client, table: string) {
  let isOver = false;
  let longest = 0;
  const reading = (async () => {
    while (!isOver) {
      const beganMs = performance.now();
      await client.query(`select * from ${table} where id = 4711`);
      longest = Math.max(longest, performance.now() - beganMs);
      await pause(READ_EVERY_MS);
    }
    await client.end();
  })();
  return {
    /** Since it was asked last. */
    longestMs: () => {
      const found = Math.round(longest);
      longest = 0;
      return found;
    },
    stop: async () => {
      isOver = true;
      await reading;
    },
  };
}
