import { randomUUID } from 'node:crypto';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClient } from '#shared/aws-client.ts';
import { cafe24Escrow } from '#shared/cafe24/escrow.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import { runtimeDatabase } from '#shared/cafe24/runtime.ts';
import { systemClock, type Clock } from '#shared/clock.ts';
import { gatheredOutcomes } from '#shared/eventbridge/gathered-outcomes.ts';
import type { AuthorizationCodes } from '#shared/grants/exchange-ports.ts';
import type { Attempts, CodeGrantType, Escrow, Tokens } from '#shared/grants/ports.ts';
import type { OutcomePublisher } from '#shared/grants/publish-outcome.ts';
import type { Remains } from '#shared/grants/recovery.ts';
import type { Log } from '#shared/log.ts';
import { postgresAttempts } from '#shared/postgres/attempts.ts';
import { postgresAuthorizationCodes } from '#shared/postgres/codes.ts';
import type { Database } from '#shared/postgres/database.ts';
import { postgresExchangedTokens } from '#shared/postgres/exchanged-tokens.ts';
import { gatherAtOnce } from '#shared/postgres/gathered.ts';
import { postgresRefreshedTokens } from '#shared/postgres/refreshed-tokens.ts';
import { postgresRemains } from '#shared/postgres/remains.ts';
import type { Config } from './config.ts';

/** Ten calls of PutEvents, with ten outcomes each. */
const OUTCOMES_AT_ONCE = 100;

export interface Dependencies {
  readonly remains: Remains;
  readonly attempts: Attempts;
  readonly codes: AuthorizationCodes;
  /** How a grant is stored depends on how it was obtained. */
  readonly tokens: Readonly<Record<CodeGrantType, Tokens<Cafe24Grant>>>;
  readonly escrow: Escrow<Cafe24Grant>;
  readonly bus: OutcomePublisher;
  /** How many outcomes, each of another mall, are published at the same time; 1 if not given. */
  readonly outcomesAtOnce?: number;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
}

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  const database = runtimeDatabase(config, log);
  return {
    ...postgresStores(database),
    remains: postgresRemains(database, config.CAFE24_MALLS),
    escrow: cafe24Escrow(config.ESCROW_TABLE),
    bus: gatheredOutcomes(awsClient(EventBridgeClient), config.BUS_NAME),
    outcomesAtOnce: OUTCOMES_AT_ONCE,
    clock: systemClock,
    newId: randomUUID,
    log,
  };
}

/** Nothing gathers by itself but outcomes, which come together: whoever waited would wait alone. */
export function postgresStores(
  database: Database,
): Pick<Dependencies, 'attempts' | 'codes' | 'tokens'> {
  return {
    attempts: postgresAttempts(database, gatherAtOnce),
    codes: postgresAuthorizationCodes(database, gatherAtOnce),
    tokens: {
      authorization_code: postgresExchangedTokens(database, gatherAtOnce),
      refresh_token: postgresRefreshedTokens(database, gatherAtOnce),
    },
  };
}
