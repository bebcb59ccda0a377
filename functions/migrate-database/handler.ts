import { readConfig } from '#shared/config.ts';
import { powertoolsLog } from '#shared/log.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { migrateDatabase } from './migrate-database.ts';
import { settings } from './settings.ts';

const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(readConfig(Config, process.env), log);

export const handler = async (): Promise<{ readonly applied: readonly string[] }> => ({
  applied: await migrateDatabase(dependencies),
});
