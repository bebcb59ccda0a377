import { randomUUID } from 'node:crypto';
import { DeleteTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, inject, test, vi } from 'vitest';
import { createProgressTable } from '#test/support/backfill.ts';
import { createSlaTable, localDynamoDb } from '#test/support/sla-table.ts';
import { lambdaContext } from '#test/support/lambda-context.ts';

const { endpointUrl, region } = inject('localAws');
const client = localDynamoDb(endpointUrl);

afterAll(() => {
  vi.unstubAllEnvs();
  client.destroy();
});

test('the deployed handler takes the event of a schedule, and the wish of an operator', async () => {
  const table = await createSlaTable(client);
  const progressTable = `progress-${randomUUID()}`;
  await createProgressTable(client, progressTable);
  const texts = {
    ...{ ErrorID: 'old', Folder: 'C:\\old', Filename: 'a.csv', SLA: '60' },
    ...{ AffectedDate: '2024-06-15', CreationDate: '2024-06-15 10:00:00' },
  };
  const Item = Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }]));
  await client.send(new PutItemCommand({ TableName: table.tableName, Item }));
  const environment = {
    ...{ AWS_ENDPOINT_URL: endpointUrl, AWS_REGION: await client.config.region() },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ FILE_SLA_ERRORS_TABLE: table.tableName, PROGRESS_TABLE: progressTable },
    ...{ AFFECTED_DATE_INDEX: table.affectedDateIndex, FOLDER_INDEX: table.folderIndex },
    SLA_TIME_ZONE: 'America/Mexico_City',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { handler } = await import('#functions/backfill-sla-errors/handler.ts');
  const context = lambdaContext(() => 50_000);
  const scheduled = { version: '0', 'detail-type': 'Scheduled Event', region, detail: {} };

  const done = { done: true, looked: 1, filled: 1, left: 0 };
  expect(await handler(scheduled, context)).toEqual(done);
  expect(await handler(scheduled, context)).toEqual(done);
  expect(await handler({ again: true }, context)).toEqual({ ...done, filled: 0 });
  await table.drop();
  await client.send(new DeleteTableCommand({ TableName: progressTable }));
});
