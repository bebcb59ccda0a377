import { deadlineOf } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { invokedHandler } from '#shared/invoked-handler.ts';
import { powertoolsLog } from '#shared/log.ts';
import { announceCafe24Codes } from './announce-cafe24-codes.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { settings } from './settings.ts';

const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(readConfig(Config, process.env), log);

export const handler = invokedHandler(log, (event, context) =>
  announceCafe24Codes(event, deadlineOf(context), dependencies),
);
