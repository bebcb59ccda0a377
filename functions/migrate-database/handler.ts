import { readConfig } from '#shared/config.ts';
import { invokedHandler } from '#shared/invoked-handler.ts';
import { powertoolsLog } from '#shared/log.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { migrateDatabase } from './migrate-database.ts';
import { settings } from './settings.ts';

const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(readConfig(Config, process.env), log);

export const handler = invokedHandler(log, async () => {
  const { applied, notes } = await migrateDatabase(dependencies);
  return { applied, notes };
});
