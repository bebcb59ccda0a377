import { readdirSync, readFileSync } from 'node:fs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { awsClient } from '#shared/aws-client.ts';
import { systemClock } from '#shared/clock.ts';
import type { Log } from '#shared/log.ts';
import { postgresMigrationSession } from '#shared/postgres/migration-session.ts';
import { secretFrom } from '#shared/ssm/secret.ts';
import type { Config } from './config.ts';
import type { Dependencies, Migration } from './migrate-database.ts';

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  const password = secretFrom(
    { name: 'PGPASSWORD', value: config.PGPASSWORD, parameter: config.PGPASSWORD_PARAMETER },
    { ssm: awsClient(SSMClient), clock: systemClock },
  );
  return {
    migrations: readMigrations(),
    refresh: {
      marginSeconds: config.REFRESH_MARGIN_SECONDS,
      jitterSeconds: config.REFRESH_JITTER_SECONDS,
    },
    alone: (work) => postgresMigrationSession(config, () => password.read(), work),
    log,
  };
}

/** The folder lies beside this module in the sources, and beside the bundle in the archive. */
export function readMigrations(): readonly Migration[] {
  const folder = new URL('migrations/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, sql: readFileSync(new URL(name, folder), 'utf8') }));
}
