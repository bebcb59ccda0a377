import type { Context } from 'aws-lambda';
import { deadlineOf } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { powertoolsLog } from '#shared/log.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { recoverCafe24Grants, type Recovered } from './recover-cafe24-grants.ts';
import { settings } from './settings.ts';

const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(readConfig(Config, process.env), log);

export const handler = async (_event: unknown, context: Context): Promise<Recovered> => {
  const recovered = await recoverCafe24Grants(deadlineOf(context), dependencies);
  log.info('recovered', { ...recovered });
  return recovered;
};
