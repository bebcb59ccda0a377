import type { GrantDependencies } from '#shared/claroshop/obtain-grant.ts';
import { runtimeClaroshopStores } from '#shared/claroshop/runtime.ts';
import type { Log } from '#shared/log.ts';
import { powertoolsMetrics, type Metrics } from '#shared/metrics.ts';
import type { Config } from './config.ts';
import { settings } from './settings.ts';

export interface Dependencies extends Pick<
  GrantDependencies,
  'attemptsOf' | 'tokens' | 'escrow' | 'bus' | 'clock' | 'newId' | 'marginMs'
> {
  readonly accounts: readonly string[];
  readonly metrics: Pick<Metrics, 'gauge'>;
  readonly log: Log;
}

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  return {
    ...runtimeClaroshopStores(config, log),
    accounts: config.CLAROSHOP_ACCOUNTS,
    metrics: powertoolsMetrics(settings.name),
    log,
  };
}
