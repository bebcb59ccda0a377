import type { GrantDependencies } from '#shared/claroshop/obtain-grant.ts';
import { runtimeClaroshopGrants } from '#shared/claroshop/runtime.ts';
import type { Log } from '#shared/log.ts';
import type { Config } from './config.ts';

export interface Dependencies {
  readonly accounts: readonly string[];
  readonly grants: GrantDependencies;
}

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  return { accounts: config.CLAROSHOP_ACCOUNTS, grants: runtimeClaroshopGrants(config, log) };
}
