import { deadlineOf } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { invokedHandler } from '#shared/invoked-handler.ts';
import { powertoolsLog } from '#shared/log.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { settings } from './settings.ts';
import { warnClaroshopExpiry } from './warn-claroshop-expiry.ts';

const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(readConfig(Config, process.env), log);

export const handler = invokedHandler(log, async (_event, context) => {
  const sweep = await warnClaroshopExpiry(deadlineOf(context), dependencies);
  log.info('swept', { ...sweep });
  return sweep;
});
