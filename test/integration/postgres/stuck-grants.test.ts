import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Cafe24Stage } from '#test/support/cafe24-stage.ts';

const stage = new Cafe24Stage();

/** The page's own query, with the client's id in its place. */
async function stuck(clientId = 'test-client'): Promise<unknown> {
  const page = readFileSync(new URL('../../../docs/stuck-grants.md', import.meta.url), 'utf8');
  const [, query = ''] = /```sql\n(.*?)```/s.exec(page) ?? [];
  const rows = await stage.test.sql(query.replace('<CAFE24_CLIENT_ID>', clientId));
  return rows.filter((row) => row['mall_id'] === stage.mallId).map((row) => row['stuck']);
}

it('names no mall that is well', async () => {
  await stage.authorize();
  await stage.refresh(1);
  expect(await stuck()).toEqual([]);
  expect(await stuck(' TEST-client')).toEqual([]);
});

it('names a grant of ours that has another client’s id', async () => {
  await stage.authorize();
  expect(await stuck('another-client')).toEqual(['of-another-client']);
});

it('names a mall that only ever ends as misconfigured, and one refused in unknown words', async () => {
  await stage.authorize();
  stage.answer = () => Promise.resolve({ kind: 'misconfigured', reason: 'invalid_client' });
  await stage.refresh(1).catch(() => undefined);
  expect(await stuck()).toEqual(['only-misconfigured']);
  stage.answer = () => Promise.resolve({ kind: 'unrecognized', reason: 'unknown-error' });
  await stage.refresh(1);
  await stage.shiftClock(86_401);
  expect(await stuck()).toEqual(['refusal-unrecognized']);
});

it('names a mall whose attempt nobody settles', async () => {
  await stage.authorize();
  stage.answer = () => Promise.reject(new Error('the process died'));
  await stage.refresh(1).catch(() => undefined);
  await stage.shiftClock(3_700);
  expect(await stuck()).toEqual(['not-settled']);
});
