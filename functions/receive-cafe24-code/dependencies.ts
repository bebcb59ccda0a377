import { randomUUID } from 'node:crypto';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClient } from '#shared/aws-client.ts';
import type { AuthorizationStates } from '#shared/cafe24/authorization-states.ts';
import { browserCookie, type BrowserCookie } from '#shared/cafe24/browser-cookie.ts';
import { runtimeDatabase } from '#shared/cafe24/runtime.ts';
import { systemClock, type Clock } from '#shared/clock.ts';
import { eventBridgeOutcomes } from '#shared/eventbridge/outcome-publisher.ts';
import type { OutcomePublisher } from '#shared/grants/publish-outcome.ts';
import type { Log } from '#shared/log.ts';
import { postgresStates } from '#shared/postgres/states.ts';
import type { Config } from './config.ts';

export interface Dependencies {
  readonly states: AuthorizationStates;
  readonly cookie: BrowserCookie;
  readonly bus: OutcomePublisher;
  readonly clock: Clock;
  readonly newId: () => string;
}

export function runtimeDependencies(config: Config, log: Log): Dependencies {
  return {
    states: postgresStates(runtimeDatabase(config, log)),
    cookie: browserCookie(config.CAFE24_REDIRECT_URI),
    bus: eventBridgeOutcomes(awsClient(EventBridgeClient), config.BUS_NAME),
    clock: systemClock,
    newId: randomUUID,
  };
}
