import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SSMClient } from '@aws-sdk/client-ssm';
import { awsClient } from '../aws-client.ts';
import { systemClock } from '../clock.ts';
import { dynamoDbClient } from '../dynamodb/client.ts';
import { dynamoDbEscrow } from '../dynamodb/escrow.ts';
import { dynamoDbAttempts } from '../dynamodb/grant-attempts.ts';
import { eventBridgeOutcomes } from '../eventbridge/outcome-publisher.ts';
import { COMMIT_MS } from '../grants/timing.ts';
import type { Log } from '../log.ts';
import { ssmClaroshopTokens } from '../ssm/claroshop-tokens.ts';
import { ssmParameters } from '../ssm/parameters.ts';
import { CLAROSHOP_CLIENT_ID, type ClaroshopConfig, type ClaroshopStoreConfig } from './config.ts';
import { credentialsSources } from './credentials-source.ts';
import { fingerprintOf } from './credentials.ts';
import { ClaroshopGrant } from './grant.ts';
import { claroshopProvider } from './oauth.ts';
import type { GrantDependencies } from './obtain-grant.ts';

/** What an attempt asks of its stores it repeats by itself, within its deadline. */
const TRIES_PER_CALL = 1;

type Stores = Omit<GrantDependencies, 'provider' | 'credentialsOf' | 'fingerprintOf'>;

/** Where the grants, attempts and outcomes of ClaroShop's accounts are kept. */
export function runtimeClaroshopStores(config: ClaroshopStoreConfig, log: Log): Stores {
  const random = Math.random;
  const client = dynamoDbClient();
  const attemptsOf = (subject: string) =>
    dynamoDbAttempts(subject, {
      tableName: config.ATTEMPTS_TABLE,
      client,
      clock: systemClock,
      pause,
      random,
    });
  const ssm = awsClient(SSMClient, TRIES_PER_CALL);
  const parameters = ssmParameters(ssm, config.CLAROSHOP_KMS_KEY_ARN);
  const means = { parameters, attemptsOf, log, commitMs: COMMIT_MS, pause, random };
  const escrow = { name: config.ESCROW_TABLE, provider: 'claroshop', grant: ClaroshopGrant };
  return {
    attemptsOf,
    tokens: ssmClaroshopTokens(means),
    escrow: dynamoDbEscrow(dynamoDbClient(TRIES_PER_CALL), escrow),
    bus: eventBridgeOutcomes(awsClient(EventBridgeClient), config.BUS_NAME),
    clock: systemClock,
    newId: randomUUID,
    pause,
    marginMs: config.CLAROSHOP_MARGIN_SECONDS * 1_000,
  };
}

/** All that brings ClaroShop's accounts new grants. */
export function runtimeClaroshopGrants(
  config: ClaroshopStoreConfig & ClaroshopConfig,
  log: Log,
): GrantDependencies {
  const ssm = awsClient(SSMClient);
  const endpoint = { tokenUrl: config.CLAROSHOP_TOKEN_URL, clientId: CLAROSHOP_CLIENT_ID };
  return {
    ...runtimeClaroshopStores(config, log),
    provider: claroshopProvider(endpoint, { clock: systemClock, log }),
    fingerprintOf,
    credentialsOf: credentialsSources(config.CLAROSHOP_ACCOUNTS, config, {
      ssm,
      clock: systemClock,
    }),
  };
}
