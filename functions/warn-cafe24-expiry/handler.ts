import { readConfig } from '#shared/config.ts';
import { deadlineOf } from '#shared/clock.ts';
import { invokedHandler } from '#shared/invoked-handler.ts';
import { powertoolsLog } from '#shared/log.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { LASTING_REFUSAL, settings } from './settings.ts';
import { warnCafe24Expiry } from './warn-cafe24-expiry.ts';

const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(readConfig(Config, process.env), log);

export const handler = invokedHandler(log, async (_event, context) => {
  const sweep = await warnCafe24Expiry(deadlineOf(context), dependencies);
  const { leftOut, refusedForADay, ...counts } = sweep;
  for (const mall of leftOut) log.error('mall-left-out', { mall });
  for (const mall of refusedForADay)
    log.error('refused-for-a-day', { code: LASTING_REFUSAL, mall });
  log.info('swept', { ...counts, leftOut: leftOut.length });
  return sweep;
});
