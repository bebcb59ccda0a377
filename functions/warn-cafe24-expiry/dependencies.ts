import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClient } from '#shared/aws-client.ts';
import { runtimeDatabase } from '#shared/cafe24/runtime.ts';
import { systemClock, type Clock } from '#shared/clock.ts';
import { eventBridgeBatches, type BatchPublisher } from '#shared/eventbridge/batch-publisher.ts';
import type { RefreshSchedule } from '#shared/grants/schedule.ts';
import type { Log } from '#shared/log.ts';
import { powertoolsMetrics, type Metrics } from '#shared/metrics.ts';
import { postgresSchedule } from '#shared/postgres/schedule.ts';
import type { Config } from './config.ts';
import { settings } from './settings.ts';

export interface Dependencies {
  readonly schedule: RefreshSchedule;
  readonly bus: BatchPublisher;
  readonly metrics: Pick<Metrics, 'gauge'>;
  readonly newId: () => string;
  readonly clock: Clock;
}

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  const client = awsClient(EventBridgeClient, 1);
  return {
    schedule: postgresSchedule(runtimeDatabase(config, log), config.CAFE24_CLIENT_ID),
    bus: eventBridgeBatches(config.BUS_NAME, { client, pause, random: Math.random }),
    metrics: powertoolsMetrics(settings.name),
    newId: randomUUID,
    clock: systemClock,
  };
}
