import { createHash, randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { postgresStates } from '#shared/postgres/states.ts';
import { describeAuthorizationStates } from '#test/support/authorization-states-suite.ts';
import { Cafe24Stage } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();

describeAuthorizationStates('authorization states on Postgres', () => ({
  states: postgresStates(stage.test.database),
  storedCodes: async () =>
    (
      await stage.test.sql(
        `select code from cafe24.oauth_authorization_codes where mall_id = 'demo-mall'`,
      )
    ).map(({ code }) => String(code)),
  shiftClock: (seconds) => stage.shiftClock(seconds),
}));

test('a state whose process is stopped before the code is stored is not spent', async () => {
  const proof = { state: randomBytes(32).toString('base64url'), browser: 'b' };
  const { database, sql } = stage.test;
  const states = postgresStates(database);
  await states.issue(proof, stage.mallId);
  const arrived = { code: `code-${stage.mallId}`, receivedAt: new Date() };
  await database.transaction(async (run) => {
    const text = 'lock table cafe24.oauth_authorization_codes in share mode';
    await run({ text, values: [], row: z.unknown() });
    const stopped = expect(states.consumeFor(proof, arrived)).rejects.toThrow();
    await vi.waitFor(async () => {
      const killed = await sql(`
        select pg_terminate_backend(pid) from pg_stat_activity
         where wait_event_type = 'Lock' and datname = current_database()`);
      expect(killed).toHaveLength(1);
    });
    await stopped;
  });
  expect(await states.consumeFor(proof, arrived)).toMatchObject({ mallId: stage.mallId });
});

test('neither the state nor the browser’s secret is in the table, only their hashes', async () => {
  const proof = {
    state: randomBytes(32).toString('base64url'),
    browser: randomBytes(32).toString('base64url'),
  };
  await postgresStates(stage.test.database).issue(proof, stage.mallId);
  const [row] = await stage.test.sql('select * from cafe24.oauth_states where mall_id = $1', [
    stage.mallId,
  ]);
  const hash = (text: string) => createHash('sha256').update(text).digest();
  expect(row).toMatchObject({
    state_sha256: hash(proof.state),
    browser_sha256: hash(proof.browser),
  });
  expect(JSON.stringify(row)).not.toContain(proof.state);
});
