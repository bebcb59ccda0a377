import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';
import { LOCAL_MALLS } from '#infra/local/local-malls.ts';
import { beginStory, type Story } from '#test/support/e2e.ts';

const CODES = 100;
/** The malls that no other story uses. */
const MALLS = LOCAL_MALLS.slice(-CODES);
const WITHIN_MS = 60_000;

let story: Story;
beforeAll(async () => {
  story = await beginStory(...MALLS);
});
afterAll(() => story.end());

it('100 codes of 100 malls that come at once are all stored, each by one request', async () => {
  const codes = await Promise.all(MALLS.map((mallId) => story.cafe24.issueCode(mallId)));
  await Promise.all(MALLS.map((mallId, at) => story.publish({ mallId, code: codes[at] })));

  const rows = await eventually(
    async () => {
      const found = await story.sql(
        `select mall_id, refresh_token, version::int, status
           from cafe24.oauth_tokens where mall_id = any($1)`,
        [MALLS],
      );
      return found.length === CODES ? found : undefined;
    },
    `${String(CODES)} rows`,
    WITHIN_MS,
  );

  for (const row of rows) expect(row).toMatchObject({ version: 1, status: 'active' });
  const memories = await Promise.all(MALLS.map((mallId) => story.cafe24.memory(mallId)));
  expect(memories.map(({ requests }) => requests.length)).toEqual(MALLS.map(() => 1));
  const tokens = new Map(rows.map((row) => [row['mall_id'], row['refresh_token']]));
  for (const { mallId, families } of memories) {
    expect(tokens.get(mallId)).toBe(families[0]?.pairs[0]?.refreshToken);
  }
});
