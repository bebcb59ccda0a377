import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { dynamoDbEscrow } from '#shared/dynamodb/escrow.ts';
import { createEscrowTable } from '#test/support/claroshop/escrow-table.ts';
import { localDynamoDb } from '#test/support/sla-table.ts';

const client = localDynamoDb(inject('localAws').endpointUrl, 3);
let table: Awaited<ReturnType<typeof createEscrowTable>>;
beforeAll(async () => (table = await createEscrowTable(client)));
afterAll(() => table.drop());

const escrowOf = (provider: string) =>
  dynamoDbEscrow(client, { name: table.tableName, provider, grant: z.string() });

/** Nobody will ever read them; three of them fill a page. */
async function putUnreadable(provider: string, attemptIds: readonly string[]): Promise<void> {
  for (const attemptId of attemptIds) {
    const content = { S: 'x'.repeat(390_000) };
    const Item = { provider: { S: provider }, attemptId: { S: attemptId }, content };
    await client.send(new PutItemCommand({ TableName: table.tableName, Item }));
  }
}

const attemptOf = (attemptId: string) =>
  ({ attemptId, grantType: 'refresh_token', subject: 'a-mall', baseVersion: 1 }) as const;
const save = { grant: 'a grant', event: { detailType: 'TokenRefreshed', detail: {} } };

/** In the order of their keys. */
const idsOf = (count: number) => Array.from({ length: count }, () => randomUUID()).sort();

it('a grant behind pages that nobody can read is listed, and each of those is told once', async () => {
  const unreadable = idsOf(9);
  await putUnreadable('pages', unreadable);
  const escrow = escrowOf('pages');
  await escrow.put(attemptOf('ffffffff-last'), save);
  const told: string[] = [];
  const listed = await escrow.list(({ message }) => told.push(message));
  expect(listed.map(({ attempt }) => attempt.attemptId)).toEqual(['ffffffff-last']);
  expect(told.map((text) => /attempt (\S+) /.exec(text)?.[1]).sort()).toEqual(unreadable);
});

it('of more than one look can hold, each has its turn', async () => {
  await putUnreadable('more', idsOf(40));
  const escrow = escrowOf('more');
  const last = attemptOf('ffffffff-last');
  await escrow.put(last, save);
  let told = 0;
  let found = 0;
  for (let looks = 0; looks < 40 && found === 0; looks++) {
    told = 0;
    found = (await escrow.list(() => (told += 1))).length;
    expect(told).toBeLessThan(40);
  }
  expect(found).toBe(1);
}, 60_000);
