import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SSMClient } from '@aws-sdk/client-ssm';
import { CLIENT_SETTINGS } from '#shared/aws-client.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import { cafe24Provider, type Cafe24Ticket } from '#shared/cafe24/oauth.ts';
import { systemClock, type Clock } from '#shared/clock.ts';
import { eventBridgeOutcomes } from '#shared/eventbridge/outcome-publisher.ts';
import type { AuthorizationCodes } from '#shared/grants/exchange-ports.ts';
import { noEscrow } from '#shared/grants/no-escrow.ts';
import type { Attempts, Provider } from '#shared/grants/ports.ts';
import type { OutcomePublisher } from '#shared/grants/publish-outcome.ts';
import type { Stores } from '#shared/grants/save-grant.ts';
import type { Log } from '#shared/log.ts';
import { postgresAttempts } from '#shared/postgres/attempts.ts';
import { postgresAuthorizationCodes } from '#shared/postgres/codes.ts';
import { postgresDatabase } from '#shared/postgres/database.ts';
import { postgresExchangedTokens } from '#shared/postgres/tokens.ts';
import { secretFrom } from '#shared/ssm/secret.ts';
import type { Config } from './config.ts';

export interface Dependencies {
  readonly malls: ReadonlySet<string>;
  readonly redirectUri: string;
  readonly codes: AuthorizationCodes;
  readonly attempts: Attempts;
  readonly stores: Stores<Cafe24Grant>;
  readonly provider: Provider<Cafe24Ticket, Cafe24Grant>;
  readonly bus: OutcomePublisher;
  readonly clock: Clock;
  readonly newId: () => string;
}

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  const clock = systemClock;
  const secrets = { ssm: new SSMClient(CLIENT_SETTINGS), clock };
  const password = secretFrom(
    { name: 'PGPASSWORD', value: config.PGPASSWORD, parameter: config.PGPASSWORD_PARAMETER },
    secrets,
  );
  const clientSecret = secretFrom(
    {
      name: 'CAFE24_CLIENT_SECRET',
      value: config.CAFE24_CLIENT_SECRET,
      parameter: config.CAFE24_CLIENT_SECRET_PARAMETER,
    },
    secrets,
  );
  const database = postgresDatabase(config, () => password.read(), log);
  const client = { apiUrl: config.CAFE24_API_URL, clientId: config.CAFE24_CLIENT_ID, clientSecret };
  return {
    malls: new Set(config.CAFE24_MALLS),
    redirectUri: config.CAFE24_REDIRECT_URI,
    codes: postgresAuthorizationCodes(database),
    attempts: postgresAttempts(database),
    stores: { tokens: postgresExchangedTokens(database), escrow: noEscrow, pause },
    provider: cafe24Provider(client, { clock, log }),
    bus: eventBridgeOutcomes(new EventBridgeClient(CLIENT_SETTINGS), config.BUS_NAME),
    clock,
    newId: randomUUID,
  };
}
