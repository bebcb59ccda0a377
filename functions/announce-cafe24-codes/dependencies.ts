import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClient } from '#shared/aws-client.ts';
import { runtimeDatabase } from '#shared/cafe24/runtime.ts';
import { systemClock, type Clock } from '#shared/clock.ts';
import { eventBridgeBatches, type BatchPublisher } from '#shared/eventbridge/batch-publisher.ts';
import type { CodeAnnouncements } from '#shared/grants/announcements.ts';
import type { Log } from '#shared/log.ts';
import { postgresAnnouncements } from '#shared/postgres/announcements.ts';
import type { Config } from './config.ts';

export interface Dependencies {
  /** The malls that are served; codes of others are nobody's to announce. */
  readonly malls: readonly string[];
  /** Whose newest code `{}` announces. */
  readonly mallId: string | undefined;
  readonly announcements: CodeAnnouncements;
  readonly bus: BatchPublisher;
  readonly clock: Clock;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly log: Log;
}

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  const client = awsClient(EventBridgeClient, 1);
  return {
    malls: config.CAFE24_MALLS,
    mallId: config.CAFE24_MALL_ID,
    announcements: postgresAnnouncements(runtimeDatabase(config, log)),
    bus: eventBridgeBatches(config.BUS_NAME, { client, pause, random: Math.random }),
    clock: systemClock,
    pause,
    log,
  };
}
