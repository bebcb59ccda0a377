import { readConfig } from '#shared/config.ts';
import { httpHandler } from '#shared/http/http-handler.ts';
import { powertoolsLog } from '#shared/log.ts';
import { powertoolsMetrics } from '#shared/metrics.ts';
import { Config } from './config.ts';
import { runtimeDependencies } from './dependencies.ts';
import { findSlaErrors } from './find-sla-errors.ts';
import { settings } from './settings.ts';

const told = { log: powertoolsLog(settings.name), metrics: powertoolsMetrics(settings.name) };
const dependencies = runtimeDependencies(readConfig(Config, process.env), told);

export const handler = httpHandler(
  {
    route: settings.route,
    answer: (request, { deadline }) => findSlaErrors(request, { deadline, dependencies }),
  },
  told,
);
