import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { backfillSlaErrors } from '#functions/backfill-sla-errors/backfill-sla-errors.ts';
import { dynamoDbPredecessor } from '#shared/dynamodb/predecessor.ts';
import { dynamoDbProgress } from '#shared/dynamodb/progress.ts';
import type { SlaTable } from '#shared/dynamodb/sla-search.ts';
import { recordingLog } from './recording-log.ts';
import { recordingMetrics } from './recording-metrics.ts';
import { plentyOfTime } from './sla-breaches.ts';
import { localDynamoDb } from './sla-table.ts';

/** Few, so that a few items make several looks. */
const ITEMS_A_LOOK = 80;

export async function createProgressTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'work', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'work', KeyType: 'HASH' }],
    }),
  );
}

interface Place {
  readonly endpoint: string;
  readonly table: SlaTable;
  readonly progressTable: string;
}

export interface ProcessOptions {
  readonly endpoint?: string;
  /** What somebody else does between its reads and its writes. */
  readonly beforeWrite?: () => Promise<unknown>;
}

/** A process of the function, as it sees DynamoDB. */
export function backfillProcess({
  endpoint,
  beforeWrite,
  table,
  progressTable,
}: Place & ProcessOptions) {
  const own = localDynamoDb(endpoint);
  own.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'BatchExecuteStatementCommand') await beforeWrite?.();
        return next(args);
      },
    { step: 'initialize' },
  );
  const log = recordingLog();
  const metrics = recordingMetrics();
  const dependencies = {
    table: dynamoDbPredecessor(
      table,
      { client: own, pause: () => Promise.resolve(), random: () => 1 },
      ITEMS_A_LOOK,
    ),
    progress: dynamoDbProgress(own, { tableName: progressTable, work: table.tableName }),
    timeZone: 'America/Mexico_City',
    metrics,
    log,
  };
  return {
    log,
    metrics,
    run: (again = false, deadline = plentyOfTime) =>
      backfillSlaErrors({ again, deadline }, dependencies),
  };
}

/** A second passes with each look at it. */
export function passingTime() {
  let remainingMs = 60_000;
  return { remainingMs: () => (remainingMs -= 1_000) };
}
