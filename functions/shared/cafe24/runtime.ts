import { SSMClient } from '@aws-sdk/client-ssm';
import { awsClient } from '../aws-client.ts';
import { systemClock } from '../clock.ts';
import type { Provider } from '../grants/ports.ts';
import type { Log } from '../log.ts';
import type { PostgresConfig } from '../postgres/config.ts';
import { postgresDatabase, type Database } from '../postgres/database.ts';
import { secretFrom } from '../ssm/secret.ts';
import type { Cafe24Config } from './config.ts';
import type { Cafe24Grant } from './grant.ts';
import { cafe24Provider, type Cafe24Ticket } from './oauth.ts';

/** The database of the environment's libpq variables. */
export function runtimeDatabase(config: PostgresConfig, log: Log): Database {
  const password = secretFrom(
    { name: 'PGPASSWORD', value: config.PGPASSWORD, parameter: config.PGPASSWORD_PARAMETER },
    { ssm: awsClient(SSMClient), clock: systemClock },
  );
  return postgresDatabase(config, password, log);
}

/** Cafe24 as the application of the environment's client id and secret. */
export function runtimeCafe24(config: Cafe24Config, log: Log): Provider<Cafe24Ticket, Cafe24Grant> {
  const clientSecret = secretFrom(
    {
      name: 'CAFE24_CLIENT_SECRET',
      value: config.CAFE24_CLIENT_SECRET,
      parameter: config.CAFE24_CLIENT_SECRET_PARAMETER,
    },
    { ssm: awsClient(SSMClient), clock: systemClock },
  );
  const client = { apiUrl: config.CAFE24_API_URL, clientId: config.CAFE24_CLIENT_ID, clientSecret };
  return cafe24Provider(client, { clock: systemClock, log });
}
