import { readFile, rm } from 'node:fs/promises';
import { tokenPath } from '#test/support/claroshop-provider/server.ts';
import type { LocalAws } from './local-aws.ts';
import { writeRecord } from './record.ts';
import {
  accountId,
  cafe24Application,
  claroshopUsername,
  containerSecrets,
  postgresDatabase,
  region,
  usualPorts,
} from './settings.ts';

/** In the record of a local AWS that runs in containers. */
const MARKER = 'tokenline-containers';
const COMPOSE = [
  'compose',
  '--project-name',
  'tokenline',
  '--file',
  'docker-compose.localstack.yml',
];

/** What the containers are handled with. */
export interface ContainerMeans {
  /** Runs `docker` in the project's folder. @throws Error it failed. */
  readonly docker: (args: readonly string[]) => Promise<unknown>;
  /** Of the LocalStack at that address, once it answers. */
  readonly readInstanceId: (endpointUrl: string) => Promise<string>;
  /** Where others look for the local AWS that runs. */
  readonly recordFile: string;
}

/**
 * Starts the services of docker-compose.localstack.yml, waits until they are healthy, and makes them
 * the local AWS of this folder: `npm start`, tests and commands use it.
 *
 * @throws Error Docker could not start them, or LocalStack did not answer: then nothing is recorded,
 *   and what did start is ended, or the text says how.
 */
export async function startContainers(means: ContainerMeans): Promise<LocalAws> {
  try {
    await means.docker([...COMPOSE, 'up', '--detach', '--wait']);
    const endpointUrl = `http://127.0.0.1:${usualPorts.localStack}`;
    const localAws = localAwsOf(await means.readInstanceId(endpointUrl), endpointUrl);
    await writeRecord(means.recordFile, { marker: MARKER, localAws });
    return localAws;
  } catch (error) {
    await stopContainers(means).catch(() => {
      throw new Error(`${messageOf(error)}\nEnd what has started: npm run docker -- down`, {
        cause: error,
      });
    });
    throw error;
  }
}

/** Ends them, with all that they kept. */
export async function stopContainers({ docker, recordFile }: ContainerMeans): Promise<void> {
  const record = await readFile(recordFile, 'utf8').catch(() => '');
  if (record.includes(MARKER)) await rm(recordFile, { force: true });
  await docker([...COMPOSE, 'down', '--volumes']);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function localAwsOf(instanceId: string, endpointUrl: string): LocalAws {
  const { postgresPassword, cafe24ClientSecret, claroshopPassword } = containerSecrets;
  const cafe24 = `http://127.0.0.1:${usualPorts.cafe24}`;
  const claroshop = `http://127.0.0.1:${usualPorts.claroshop}`;
  return {
    instanceId,
    endpointUrl,
    region,
    accountId,
    postgres: {
      host: '127.0.0.1',
      port: usualPorts.postgres,
      user: 'postgres',
      password: postgresPassword,
      database: postgresDatabase,
    },
    cafe24: {
      apiUrl: `${cafe24}/{mallId}`,
      controlUrl: `${cafe24}/_control`,
      ...cafe24Application,
      clientSecret: cafe24ClientSecret,
    },
    claroshop: {
      tokenUrl: claroshop + tokenPath,
      controlUrl: `${claroshop}/_control`,
      username: claroshopUsername,
      password: claroshopPassword,
    },
  };
}
