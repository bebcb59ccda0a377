import { setTimeout as pause } from 'node:timers/promises';
import { dynamoDbClient } from '#shared/dynamodb/client.ts';
import { dynamoDbPredecessor } from '#shared/dynamodb/predecessor.ts';
import { dynamoDbProgress } from '#shared/dynamodb/progress.ts';
import type { Log } from '#shared/log.ts';
import { powertoolsMetrics, type Metrics } from '#shared/metrics.ts';
import type { PredecessorTable, ProgressStore } from '#shared/sla/predecessor.ts';
import type { Config } from './config.ts';
import { settings } from './settings.ts';

export interface Dependencies {
  readonly table: PredecessorTable;
  readonly progress: ProgressStore;
  /** IANA name of the zone of dates without an offset, and of the days that people search by. */
  readonly timeZone: string;
  readonly metrics: Pick<Metrics, 'gauge'>;
  readonly log: Log;
}

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  const tableName = config.FILE_SLA_ERRORS_TABLE;
  const client = dynamoDbClient(1);
  return {
    table: dynamoDbPredecessor(
      {
        tableName,
        affectedDateIndex: config.AFFECTED_DATE_INDEX,
        folderIndex: config.FOLDER_INDEX,
      },
      { client, pause, random: Math.random },
    ),
    progress: dynamoDbProgress(client, { tableName: config.PROGRESS_TABLE, work: tableName }),
    timeZone: config.SLA_TIME_ZONE,
    metrics: powertoolsMetrics(settings.name),
    log,
  };
}
