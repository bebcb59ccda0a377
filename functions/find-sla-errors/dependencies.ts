import { systemClock, type Clock } from '#shared/clock.ts';
import { trustedTokens } from '#shared/cognito/config.ts';
import { cognitoTokens, type TokenVerifier } from '#shared/cognito/token-verifier.ts';
import { dynamoDbClient } from '#shared/dynamodb/client.ts';
import { dynamoDbSlaSearch, READ_ATTEMPTS } from '#shared/dynamodb/sla-search.ts';
import type { Log } from '#shared/log.ts';
import type { Metrics } from '#shared/metrics.ts';
import type { BreachSearch } from '#shared/sla/search.ts';
import type { Config } from './config.ts';

export interface Dependencies {
  readonly tokens: TokenVerifier;
  readonly search: BreachSearch;
  readonly clock: Clock;
  /** A file that was reported within these minutes counts as open. */
  readonly openMinutes: number;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'gauge'>;
}

type Told = Pick<Dependencies, 'log' | 'metrics'>;

export function runtimeDependencies(config: Config, told: Told): Dependencies {
  return {
    tokens: cognitoTokens(trustedTokens(config)),
    search: dynamoDbSlaSearch(dynamoDbClient(READ_ATTEMPTS), {
      tableName: config.FILE_SLA_ERRORS_TABLE,
      affectedDateIndex: config.AFFECTED_DATE_INDEX,
      folderIndex: config.FOLDER_INDEX,
    }),
    clock: systemClock,
    openMinutes: config.SLA_OPEN_MINUTES,
    ...told,
  };
}
