import { deadlineOf } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { invokedHandler } from '#shared/invoked-handler.ts';
import { powertoolsLog } from '#shared/log.ts';
import { powertoolsMetrics } from '#shared/metrics.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { recoverCafe24Grants } from './recover-cafe24-grants.ts';
import { settings } from './settings.ts';

const log = powertoolsLog(settings.name);
const metrics = powertoolsMetrics(settings.name);
const dependencies = runtimeDependencies(readConfig(Config, process.env), log);

export const handler = invokedHandler(log, async (_event, context) => {
  const recovered = await recoverCafe24Grants(deadlineOf(context), dependencies);
  metrics.gauge('RecoveryFailed', recovered.failed);
  log.info('recovered', { ...recovered });
  return recovered;
});
