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
import type { AuthorizationCodes } from '#shared/grants/exchange-ports.ts';
import type { Attempts, Provider } from '#shared/grants/ports.ts';
import type { OutcomePublisher } from '#shared/grants/publish-outcome.ts';
import type { Stores } from '#shared/grants/save-grant.ts';
import type { Log } from '#shared/log.ts';
import { oncePerKey, type OncePerKey } from '#shared/once-per-key.ts';
import { postgresAttempts } from '#shared/postgres/attempts.ts';
import { postgresAuthorizationCodes } from '#shared/postgres/codes.ts';
import { postgresExchangedTokens } from '#shared/postgres/exchanged-tokens.ts';
import type { Config } from './config.ts';

/** For one invocation. */
export interface Dependencies {
  readonly malls: ReadonlySet<string>;
  readonly redirectUri: string;
  readonly codes: AuthorizationCodes;
  readonly attempts: Attempts;
  readonly stores: Stores<Cafe24Grant>;
  readonly provider: Provider<Cafe24Ticket, Cafe24Grant>;
  readonly bus: OutcomePublisher;
  /** Records about the same code share its outcome. */
  readonly once: OncePerKey;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** @returns opens the dependencies of an invocation; connections and clients outlive it. */
export function runtimeDependencies(config: Config, log: Log): () => Dependencies {
  const database = runtimeDatabase(config, log);
  const escrow = cafe24Escrow(config.ESCROW_TABLE);
  const events = awsClient(EventBridgeClient);
  const lasting = {
    malls: new Set(config.CAFE24_MALLS),
    redirectUri: config.CAFE24_REDIRECT_URI,
    provider: runtimeCafe24(config, log),
    clock: systemClock,
    newId: randomUUID,
  };
  return () => ({
    ...lasting,
    codes: postgresAuthorizationCodes(database),
    attempts: postgresAttempts(database),
    stores: { tokens: postgresExchangedTokens(database), escrow, pause },
    bus: gatheredOutcomes(events, config.BUS_NAME),
    once: oncePerKey(),
  });
}
