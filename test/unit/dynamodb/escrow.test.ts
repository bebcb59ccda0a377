import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dynamoDbEscrow } from '#shared/dynamodb/escrow.ts';

const escrowed = (attemptId: string) => ({
  attempt: { attemptId, grantType: 'refresh_token', subject: 'a-mall', baseVersion: 1 },
  save: { grant: 'the secret token', event: { detailType: 'TokenRefreshed', detail: {} } },
});
const { attempt, save } = escrowed('other');
const contents: Readonly<Record<string, string>> = {
  first: JSON.stringify(escrowed('first')),
  cut: '{"save": {"grant": "the secret token',
  foreign: JSON.stringify({ attempt, save: { ...save, grant: ['the secret token'] } }),
  last: JSON.stringify(escrowed('last')),
};

/** A table with these items, of which two are not what an escrow writes. */
function escrow() {
  const itemOf = (attemptId: string): Record<string, AttributeValue> => ({
    attemptId: { S: attemptId },
    content: { S: contents[attemptId] ?? '' },
  });
  const send = ({ input }: { input: { Key?: Record<string, AttributeValue> } }) =>
    Promise.resolve(
      input.Key === undefined
        ? { Items: Object.keys(contents).map(itemOf) }
        : { Item: itemOf(input.Key['attemptId']?.S ?? '') },
    );
  const client = { send } as unknown as DynamoDBClient;
  return dynamoDbEscrow(client, { name: 'escrow', provider: 'cafe24', grant: z.string() });
}

/** A table that keeps what is put. */
function keepingTable() {
  const items: Record<string, AttributeValue>[] = [];
  const send = ({ input }: { input: { Item?: Record<string, AttributeValue> } }) => {
    if (input.Item) items.push(input.Item);
    return Promise.resolve({ Items: items });
  };
  const client = { send } as unknown as DynamoDBClient;
  const table = { name: 'escrow', provider: 'claroshop', grant: z.string() };
  return { items, escrow: dynamoDbEscrow(client, table) };
}

describe('an escrow', () => {
  it.each(['the-base', undefined])('lists an attempt as it was put: begun on %s', async (base) => {
    const { escrow } = keepingTable();
    const put = { ...attempt, grantType: 'refresh_token', baseAttemptId: base } as const;
    await escrow.put(put, save);
    expect(await escrow.list()).toEqual([{ attempt: put, save }]);
  });

  it.each(['a-mall', undefined])('tells whose an unreadable grant is: %s', async (subject) => {
    const { items, escrow } = keepingTable();
    await escrow.put({ ...attempt, grantType: 'refresh_token' }, save);
    if (subject === undefined) delete items[0]?.['subject'];
    const content = items[0]?.['content'];
    Object.assign(items[0] ?? {}, { content: { S: '{' } });
    const told: unknown[] = [];
    await escrow.list((_, whose) => told.push(whose));
    expect(told).toEqual([subject]);
    Object.assign(items[0] ?? {}, { content });
    expect(await escrow.list()).toHaveLength(1);
  });
});

describe('an escrow with items that can not be read', () => {
  it('lists the others, and tells which and where they are wrong', async () => {
    const unreadable: string[] = [];
    const listed = await escrow().list(({ message }) => unreadable.push(message));
    expect(listed.map((it) => it.attempt.attemptId)).toEqual(['first', 'last']);
    expect(unreadable).toEqual([
      'Escrow of attempt cut can not be read: content',
      'Escrow of attempt foreign can not be read: save.grant',
    ]);
  });

  it('lists nothing to who would not be told: he might conclude that no grant lies there', async () => {
    await expect(escrow().list()).rejects.toThrow('attempt cut');
  });

  it.each(['cut', 'foreign'])('quotes nothing of what is wrong: %s', async (attemptId) => {
    const error = await escrow()
      .read(attemptId)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const { message, cause } = error as Error;
    expect(message).toContain(attemptId);
    expect(message).not.toContain('secret');
    expect(cause).toBeUndefined();
  });
});
