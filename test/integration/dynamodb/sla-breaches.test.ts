import { afterAll, beforeAll, inject } from 'vitest';
import { describeSlaBreaches } from '#test/support/sla-breaches-suite.ts';
import { createSlaTable, localDynamoDb } from '#test/support/sla-table.ts';

let table: Awaited<ReturnType<typeof createSlaTable>>;
beforeAll(async () => {
  table = await createSlaTable(localDynamoDb(inject('localAws').endpointUrl));
});
afterAll(async () => {
  await table.drop();
});

describeSlaBreaches('SLA breaches on DynamoDB', () => Promise.resolve(table));
