import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import pg from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { stateFolders } from '#infra/local/cdktf.ts';
import { deployLocally } from '#infra/local/deploy.ts';
import { localLambda } from '#infra/local/deployed-code.ts';
import { eventually } from '#infra/local/eventually.ts';
import { localFolder } from '#infra/local/paths.ts';
import { quietProgress } from '#infra/local/progress.ts';
import { DEV_ENVIRONMENT } from '#test/support/synthesized-stack.ts';
import { watchedProject } from '#test/support/watched-project.ts';

const localAws = inject('localAws');
const stateFolder = path.join(stateFolders, localAws.instanceId);

interface State {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: { readonly id?: string } }[];
  }[];
}

/**
 * The resources that Terraform remembers, with their ids. Not the file's text: a first refresh writes
 * absent values in another way (null as {}), which changes nothing.
 */
async function rememberedResources(): Promise<readonly string[]> {
  const file = path.join(stateFolder, 'cdktf.out', 'terraform.tfstate');
  const { resources } = JSON.parse(await readFile(file, 'utf8')) as State;
  return resources.flatMap(({ type, name, instances }) =>
    instances.map(({ attributes }) => `${type}.${name} ${String(attributes.id)}`),
  );
}

/** A database whose token table is not as the predecessor's documentation has it. */
async function createForeignDatabase(name: string): Promise<void> {
  const run = async (database: string, sql: string) => {
    const client = new pg.Client({ ...localAws.postgres, database });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run('postgres', `create database ${name}`);
  await run(
    name,
    'create schema cafe24; create table cafe24.oauth_tokens (id bigserial primary key, scopes text)',
  );
}

async function databaseOf(functionName: string): Promise<string | undefined> {
  const { Environment } = await localLambda(localAws).send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  return Environment?.Variables?.['PGDATABASE'];
}

// Two deploys: minutes on a busy machine.
test(
  'a migration that fails fails the deploy, says why, and no consumer is touched',
  { timeout: 400_000 },
  async () => {
    const database = `foreign_${String(process.pid)}`;
    await createForeignDatabase(database);
    const toForeign = { ...localAws, postgres: { ...localAws.postgres, database } };
    const { functionName } = inject('stack').exchangeCafe24Code;

    const failed = deployLocally(toForeign, quietProgress);
    await expect(failed).rejects.toThrow('cafe24.oauth_tokens.scopes: expected text[], found text');
    await expect(failed).rejects.toThrow('cafe24.oauth_tokens.access_token: is missing');
    expect(await databaseOf('tokenline-migrate-database')).toBe(database);
    expect(await databaseOf(functionName)).toBe(localAws.postgres.database);

    expect(await deployLocally(localAws, quietProgress)).toEqual(inject('stack'));
    expect(await databaseOf('tokenline-migrate-database')).toBe(localAws.postgres.database);
  },
);

/** What migrate-database answers when there is nothing to do. */
async function answer(): Promise<string> {
  const { Payload } = await localLambda(localAws).send(
    new InvokeCommand({ FunctionName: 'tokenline-migrate-database' }),
  );
  return Payload?.transformToString() ?? '';
}

// Here and not in a file of its own: a deploy at the same time would put the code back. With a
// function that no other story uses: they play beside this one.
describe('the inner loop', () => {
  const file = 'functions/migrate-database/handler.ts';
  const answers = (text: string) =>
    eventually(
      async () => ((await answer()) === text ? true : undefined),
      `a function that answers ${text}`,
    );

  test(
    'a changed function is live at once, a broken one is told, and a second deploy changes nothing but puts its own code back',
    { timeout: 400_000 },
    async () => {
      await answers('{"applied":[],"notes":[]}');
      const before = await rememberedResources();
      expect(before.length).toBeGreaterThan(50);
      const project = await watchedProject(localAws);
      try {
        const beganMs = performance.now();
        await project.edit(file, '{ applied, notes };', '{ changed: applied };');
        await answers('{"changed":[]}');
        const liveMs = performance.now() - beganMs;
        const { name, text, ms } = await project.told(0);
        expect([name, text]).toEqual(['migrate-database', 'is live']);
        console.log(
          `A change was live after ${liveMs.toFixed(0)} ms (build and update ${ms.toFixed(0)} ms).`,
        );

        await project.edit(file, '{ changed: applied };', '{ changed: };');
        const broken = await project.told(1);
        expect(broken.text).toMatch(/^the old code stays\. .*handler\.ts:\d+:\d+: ERROR/s);
        await answers('{"changed":[]}');

        await project.edit(file, '{ changed: };', '{ mended: applied };');
        expect(await project.told(2)).toMatchObject({ text: 'is live' });
        await answers('{"mended":[]}');
      } finally {
        await project.stop();
      }

      // The code is put back beside Terraform, for which this deploy has nothing to change.
      expect(await deployLocally(localAws, quietProgress)).toEqual(inject('stack'));
      expect(await readFile(path.join(stateFolder, 'deploy.log'), 'utf8')).toContain(
        'No changes. Your infrastructure matches the configuration.',
      );
      expect(await rememberedResources()).toEqual(before);
      await answers('{"applied":[],"notes":[]}');
    },
  );
});

/** cdktf and Terraform write into the home folder, unless they are told otherwise. */
const AT_HOME_NOTHING = {
  CHECKPOINT_DISABLE: '1',
  CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true',
  CDKTF_HOME: path.join(localFolder, 'cdktf'),
};

/** A network namespace without any interface, where the system lets us make one. */
const canIsolate = spawnSync('unshare', ['-rn', 'true']).status === 0;

test(`cdktf synth needs no network (${canIsolate ? 'unshare -rn' : 'proxies lead nowhere'})`, async () => {
  const output = await mkdtemp(path.join(tmpdir(), 'tokenline-synth-'));
  const nowhere = 'http://127.0.0.1:1';
  const proxies = { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere };
  try {
    const cli = path.join('node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
    const synth = [cli, 'synth', '--output', output];
    const [command, args] = canIsolate
      ? ['unshare', ['-rn', process.execPath, ...synth]]
      : [process.execPath, synth];
    const { stdout } = await promisify(execFile)(command, args, {
      env: { ...process.env, ...DEV_ENVIRONMENT, ...proxies, ...AT_HOME_NOTHING },
    });

    expect(stdout).toContain('Generated Terraform code for the stacks: tokenline-dev');
  } finally {
    await rm(output, { recursive: true });
  }
});
