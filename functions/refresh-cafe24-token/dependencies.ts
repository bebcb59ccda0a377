import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClient } from '#shared/aws-client.ts';
import { cafe24Escrow } from '#shared/cafe24/escrow.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Cafe24Ticket } from '#shared/cafe24/oauth.ts';
import { runtimeCafe24, runtimeDatabase } from '#shared/cafe24/runtime.ts';
import { systemClock, type Clock } from '#shared/clock.ts';
import { gatheredOutcomes } from '#shared/eventbridge/gathered-outcomes.ts';
import type { Provider } from '#shared/grants/ports.ts';
import type { OutcomePublisher } from '#shared/grants/publish-outcome.ts';
import type { RefreshAttempts } from '#shared/grants/refresh-ports.ts';
import type { Stores } from '#shared/grants/save-grant.ts';
import type { Log } from '#shared/log.ts';
import { oncePerKey, type OncePerKey } from '#shared/once-per-key.ts';
import { postgresRefreshAttempts } from '#shared/postgres/refresh-attempts.ts';
import { postgresRefreshedTokens } from '#shared/postgres/refreshed-tokens.ts';
import type { Config } from './config.ts';

/** For one invocation. */
export interface Dependencies {
  readonly attempts: RefreshAttempts;
  readonly stores: Stores<Cafe24Grant>;
  readonly provider: Provider<Cafe24Ticket, Cafe24Grant>;
  readonly bus: OutcomePublisher;
  /** Equal warnings share their outcome. */
  readonly once: OncePerKey;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** @returns opens the dependencies of an invocation; connections and clients outlive it. */
export function runtimeDependencies(config: Config, log: Log): () => Dependencies {
  const database = runtimeDatabase(config, log);
  const escrow = cafe24Escrow(config.ESCROW_TABLE);
  const provider = runtimeCafe24(config, log);
  const events = awsClient(EventBridgeClient);
  return () => ({
    attempts: postgresRefreshAttempts(database, undefined, config.CAFE24_CLIENT_ID),
    stores: { tokens: postgresRefreshedTokens(database), escrow, pause },
    provider,
    bus: gatheredOutcomes(events, config.BUS_NAME),
    once: oncePerKey(),
    clock: systemClock,
    newId: randomUUID,
  });
}
