import { readConfig } from '#shared/config.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { PAGE_FAULTS } from '#shared/http/page.ts';
import { powertoolsLog } from '#shared/log.ts';
import { powertoolsMetrics } from '#shared/metrics.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { receiveCafe24Code } from './receive-cafe24-code.ts';
import { settings } from './settings.ts';

const log = powertoolsLog(settings.name);
const dependencies = runtimeDependencies(readConfig(Config, process.env), log);

export const handler = httpHandler(
  {
    route: settings.route,
    answer: (request, context) => receiveCafe24Code({ request, context, dependencies }),
    faults: PAGE_FAULTS,
  },
  { log, metrics: powertoolsMetrics(settings.name) },
);
