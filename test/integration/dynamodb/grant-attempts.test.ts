import { afterAll, beforeAll, inject } from 'vitest';
import { createAttemptsTable, type AttemptsTable } from '#test/support/claroshop/attempts-table.ts';
import { describeLeasedAttempts } from '#test/support/claroshop/leased-attempts-suite.ts';
import { localDynamoDb } from '#test/support/sla-table.ts';

let table: AttemptsTable;
beforeAll(async () => {
  table = await createAttemptsTable(localDynamoDb(inject('localAws').endpointUrl, 3));
});
afterAll(async () => {
  await table.drop();
});

describeLeasedAttempts('attempts in DynamoDB', (subject, clock) => table.attempts(subject, clock));
