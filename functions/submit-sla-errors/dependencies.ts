import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClient } from '#shared/aws-client.ts';
import { systemClock, type Clock } from '#shared/clock.ts';
import { issuerOf } from '#shared/cognito/config.ts';
import { cognitoTokens, type TokenVerifier } from '#shared/cognito/token-verifier.ts';
import { eventBridgeBatches, type BatchPublisher } from '#shared/eventbridge/batch-publisher.ts';
import type { Config } from './config.ts';

export interface Dependencies {
  readonly tokens: TokenVerifier;
  readonly bus: BatchPublisher;
  /** IANA name of the zone that dates without an offset are in. */
  readonly zone: string;
  readonly clock: Clock;
  readonly newId: () => string;
}

export function runtimeDependencies(config: Config): Dependencies {
  const client = awsClient(EventBridgeClient, 1);
  return {
    tokens: cognitoTokens({
      issuer: issuerOf(config),
      clientId: config.COGNITO_CLIENT_ID,
      tokenUse: config.COGNITO_TOKEN_USE,
    }),
    bus: eventBridgeBatches(config.BUS_NAME, { client, pause, random: Math.random }),
    zone: config.SLA_TIME_ZONE,
    clock: systemClock,
    newId: randomUUID,
  };
}
