import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClient } from '#shared/aws-client.ts';
import { systemClock, type Clock } from '#shared/clock.ts';
import { dynamoDbClient } from '#shared/dynamodb/client.ts';
import { dynamoDbSlaBreaches } from '#shared/dynamodb/sla-breaches.ts';
import { gatheredOutcomes } from '#shared/eventbridge/gathered-outcomes.ts';
import type { OutcomePublisher } from '#shared/grants/publish-outcome.ts';
import type { OpenSlaBreaches } from '#shared/sla/breaches.ts';
import type { Config } from './config.ts';

export interface Dependencies {
  readonly openBreaches: OpenSlaBreaches;
  readonly bus: OutcomePublisher;
  readonly clock: Clock;
  /** IANA name of the zone of the senders' clocks and of the days that people search by. */
  readonly timeZone: string;
}

export function runtimeDependencies(config: Config): Dependencies {
  const means = { client: dynamoDbClient(1), pause, random: Math.random };
  return {
    openBreaches: dynamoDbSlaBreaches(config.FILE_SLA_ERRORS_TABLE, means),
    bus: gatheredOutcomes(awsClient(EventBridgeClient), config.BUS_NAME),
    clock: systemClock,
    timeZone: config.SLA_TIME_ZONE,
  };
}
