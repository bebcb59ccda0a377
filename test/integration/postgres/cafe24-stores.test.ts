import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { postgresAnnouncements } from '#shared/postgres/announcements.ts';
import { describeCafe24Stores } from '#test/support/cafe24-stores-suite.ts';
import { describeTogether } from '#test/support/cafe24-stores-together-suite.ts';
import { beginRequest, someGrant, toSave } from '#test/support/cafe24-world.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { postgresWorld } from '#test/support/postgres-world.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase(inject('localAws').postgres);
});
afterAll(async () => {
  await test.drop();
});

const createWorld = () => Promise.resolve(postgresWorld(test));
describeCafe24Stores('Cafe24 stores on Postgres', createWorld);
describeTogether('Cafe24 stores on Postgres, a batch at once', createWorld);

describe('Cafe24 stores on Postgres, many at once', () => {
  it('lets one of twenty begin', async () => {
    const world = postgresWorld(test);
    const codeId = await world.insertCode('crowded-mall');
    const begun = await Promise.all(
      Array.from({ length: 20 }, () => world.codes.begin(beginRequest('crowded-mall', codeId))),
    );
    expect(begun.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    expect(begun.filter(({ kind }) => kind === 'held')).toHaveLength(19);
  });

  it('takes a copy of a code, stored by other software, for no newer code', async () => {
    const world = postgresWorld(test);
    const mallId = 'copied-mall';
    const [code] = await test.sql(
      `insert into cafe24.oauth_authorization_codes (mall_id, code) values ($1, 'copied')
       returning id, received_at`,
      [mallId],
    );
    await test.sql(
      `insert into cafe24.oauth_authorization_codes (mall_id, code) values ($1, 'copied')`,
      [mallId],
    );
    // As an event says it: in whole seconds, and so before the copy.
    const receivedAt = new Date(Math.floor(Number(code?.['received_at']) / 1_000 - 1) * 1_000);
    const codeId = await world.codes.store({ mallId, code: 'copied', receivedAt });
    expect(codeId).toBe(code?.['id']);
    expect(await postgresAnnouncements(test.database).markNewest(mallId)).toMatchObject({ codeId });
    expect(await world.codes.begin(beginRequest(mallId, codeId))).toMatchObject({ kind: 'begun' });
  });

  it('commits once however often the same commit is under way', async () => {
    const world = postgresWorld(test);
    const codeId = await world.insertCode('repeated-mall');
    const begun = await world.codes.begin(beginRequest('repeated-mall', codeId));
    if (begun.kind !== 'begun') throw new Error(begun.kind);
    const save = toSave(someGrant('repeated-mall'), begun.attempt);
    const finished = await Promise.all(
      Array.from({ length: 10 }, (_, i) => world.tokens.commit(begun.attempt, save, i % 2 === 0)),
    );
    expect(new Set(finished.map(({ outcome }) => outcome))).toEqual(new Set(['issued']));
    expect(await world.tokenRow('repeated-mall')).toMatchObject({ version: 1 });
    expect(await world.codeStatus(codeId)).toBe('exchanged');
  });

  it('calls a code exchanged whose commit came twice at once, the second behind the first', async () => {
    const world = postgresWorld(test);
    const codeId = await world.insertCode('twice-mall');
    const begun = await world.codes.begin(beginRequest('twice-mall', codeId));
    if (begun.kind !== 'begun') throw new Error(begun.kind);
    const save = toSave(someGrant('twice-mall'), begun.attempt);
    const second = await test.database.transaction(async (run) => {
      const inside = postgresWorld({ ...test, database: { ...test.database, run } });
      await inside.tokens.commit(begun.attempt, save, false);
      // Its snapshot shows an open attempt; it waits for the row that this transaction holds.
      const waiting = world.tokens.commit(begun.attempt, save, false);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { waiting };
    });
    expect(await second.waiting).toMatchObject({ outcome: 'issued' });
    expect(await world.codeStatus(codeId)).toBe('exchanged');
  });

  it('reads the row after the lease: a begin that waited sees what its predecessor committed', async () => {
    const world = postgresWorld(test);
    const mallId = 'waiting-mall';
    const first = await world.insertCode(mallId, 5);
    const begun = await world.codes.begin(beginRequest(mallId, first));
    if (begun.kind !== 'begun') throw new Error(begun.kind);
    const second = await world.insertCode(mallId, 1);
    // The commit's transaction stays open: the next begin waits for the lease's unique index.
    const committing = test.database.transaction(async (run) => {
      const inside = { ...test.database, run };
      await postgresWorld({ ...test, database: inside }).tokens.commit(
        begun.attempt,
        toSave(someGrant(mallId), begun.attempt),
        false,
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const waited = await world.codes.begin(beginRequest(mallId, second));
    await committing;
    expect(waited).toMatchObject({ kind: 'begun', attempt: { baseVersion: 1 } });
  });
});

describe('cafe24.oauth_tokens', () => {
  it('raises the version when somebody else changes the tokens', async () => {
    await test.sql(
      `insert into cafe24.oauth_tokens (mall_id, access_token, expires_at, refresh_token)
       values ('foreign-mall', 'a', now(), 'r')`,
    );
    await test.sql(`update cafe24.oauth_tokens set user_id = 'u' where mall_id = 'foreign-mall'`);
    await test.sql(
      `update cafe24.oauth_tokens set refresh_token = 's' where mall_id = 'foreign-mall'`,
    );
    const [row] = await test.sql(
      `select version from cafe24.oauth_tokens where mall_id = 'foreign-mall'`,
    );
    expect(row).toEqual({ version: '2' });
  });
});
