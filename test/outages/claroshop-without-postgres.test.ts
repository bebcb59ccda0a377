import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { beginClaroshopStory, type ClaroshopStory } from '#test/support/claroshop-story.ts';

const { postgres, endpointUrl: endpoint, region } = inject('localAws');
const { warnCafe24Expiry } = inject('stack');
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const lambda = new LambdaClient({ endpoint, region, credentials });

/** The door to the functions' database, opened and closed from another one. */
const admin = new pg.Client({ ...postgres, database: 'postgres' });
const letIn = (isOpen: boolean) =>
  admin.query(`alter database ${postgres.database} with allow_connections ${String(isOpen)}`);

let story: ClaroshopStory;
beforeAll(async () => {
  story = await beginClaroshopStory('default');
  await admin.connect();
  await letIn(false);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    postgres.database,
  ]);
});
afterAll(async () => {
  await letIn(true);
  await admin.end();
  await story.end();
});

it('Postgres is away for the functions that need it', async () => {
  const command = new InvokeCommand({ FunctionName: warnCafe24Expiry.functionName });
  expect((await lambda.send(command)).FunctionError).toBeDefined();
});

it('ClaroShop’s tokens are issued, rotated and handed out all the same', async () => {
  await story.claroshop.configure(story.username, { accessSeconds: 60 });
  await story.sweep();
  await story.settled(1);
  for (const version of [2, 3]) {
    // Who is seen at work is not warned.
    await story.isQuiet();
    await story.sweep();
    await story.settled(version);
  }
  expect(await story.obtain()).toMatchObject({ statusCode: 200 });
  await story.isQuiet();
  const { version } = await story.settled(4);
  // A sweep that came again, since an attempt had taken long, may have warned once more.
  const { counts } = await story.claroshop.memory(story.username);
  expect(counts).toEqual({ password: 1, refresh_token: version - 1 });
});
