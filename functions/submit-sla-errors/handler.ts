import { readConfig } from '#shared/config.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { powertoolsLog } from '#shared/log.ts';
import { powertoolsMetrics } from '#shared/metrics.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { settings } from './settings.ts';
import { submitSlaErrors } from './submit-sla-errors.ts';

const dependencies = runtimeDependencies(readConfig(Config, process.env));

export const handler = httpHandler(
  {
    route: settings.route,
    answer: (request, context) => submitSlaErrors({ request, context, dependencies }),
  },
  { log: powertoolsLog(settings.name), metrics: powertoolsMetrics(settings.name) },
);
