import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { postgresStates } from '#shared/postgres/states.ts';
import { describeAuthorizationStates } from '#test/support/authorization-states-suite.ts';
import { Cafe24Stage } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();

describeAuthorizationStates('authorization states on Postgres', () => ({
  states: postgresStates(stage.test.database),
  shiftClock: (seconds) => stage.shiftClock(seconds),
}));

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
