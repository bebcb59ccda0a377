import type { GrantDependencies } from '#shared/claroshop/obtain-grant.ts';
import { runtimeClaroshopGrants } from '#shared/claroshop/runtime.ts';
import type { Log } from '#shared/log.ts';
import { unrefTimer, type Timer } from './at-the-end.ts';
import type { Config } from './config.ts';

export interface Dependencies {
  readonly accounts: readonly string[];
  readonly grants: GrantDependencies;
  readonly timer: Timer;
}

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  const grants = runtimeClaroshopGrants(config, log);
  return { accounts: config.CLAROSHOP_ACCOUNTS, grants, timer: unrefTimer };
}
