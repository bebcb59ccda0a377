import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';
import { toLogLine } from '#infra/local/function-log.ts';
import { LOCAL_MALLS } from '#infra/local/local-malls.ts';
import { beginStory, type Story } from '#test/support/e2e.ts';
import { countStatements, type StatementCounter } from '#test/support/statement-counter.ts';
import { wholeLogs } from '#test/support/whole-logs.ts';

const CODES = 100;
/** The malls that no other story uses. */
const MALLS = LOCAL_MALLS.slice(-CODES);
const WITHIN_MS = 60_000;

let story: Story;
let statements: StatementCounter;
beforeAll(async () => {
  story = await beginStory(...MALLS);
  statements = await countStatements(story, MALLS);
});
afterAll(async () => {
  await statements.stop();
  await story.end();
});

/** How many invocations had one of these events in their batch, those that came again too. */
async function batchesWith(eventIds: ReadonlySet<unknown>, since: Date): Promise<number> {
  const { functionName } = inject('stack').exchangeCafe24Code;
  const invocations = new Map<string, string>();
  const batches = new Set<string | undefined>();
  await story.isEmpty(story.queueUrl);
  const [texts = []] = await wholeLogs(story.clients, {
    functionNames: [functionName],
    since,
    poke: () => story.send('a poke, and not json'),
  });
  for (const { stream, text } of texts) {
    // A sandbox has one invocation at a time.
    const [, started] = /^START RequestId: (\S+)/.exec(text) ?? [];
    if (started !== undefined) invocations.set(stream, started);
    const ours = toLogLine(text).filter((line) => eventIds.has(line['correlationId']));
    if (ours.length > 0) batches.add(invocations.get(stream));
  }
  return batches.size;
}

it('100 codes of 100 malls that come at once are all stored, each by one request', async () => {
  const startedAt = new Date();
  const codes = await Promise.all(MALLS.map((mallId) => story.cafe24.issueCode(mallId)));
  const eventIds = await Promise.all(
    MALLS.map((mallId, at) => story.publish({ mallId, code: codes[at] })),
  );

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
  await eventually(async () => {
    const waiting = await story.sql(
      `select from cafe24.token_attempts where mall_id = any($1) and published_at is null`,
      [MALLS],
    );
    return waiting.length === 0 ? true : undefined;
  }, 'a mark on each outcome');

  for (const row of rows) expect(row).toMatchObject({ version: 1, status: 'active' });
  const memories = await Promise.all(MALLS.map((mallId) => story.cafe24.memory(mallId)));
  expect(memories.map(({ requests }) => requests.length)).toEqual(MALLS.map(() => 1));
  const tokens = new Map(rows.map((row) => [row['mall_id'], row['refresh_token']]));
  for (const { mallId, families } of memories) {
    expect(tokens.get(mallId)).toBe(families[0]?.pairs[0]?.refreshToken);
  }

  // Storing and beginning cost what the batches cost; only the answers may come one by one.
  const batches = await batchesWith(new Set(eventIds), startedAt);
  expect(batches).toBeLessThan(CODES);
  expect(await statements.count('insert oauth_authorization_codes')).toBeLessThanOrEqual(batches);
  const begins = await statements.count('insert token_attempts');
  expect(begins).toBeLessThanOrEqual(batches);
  const commits = await statements.count('insert oauth_tokens');
  expect(commits).toBeLessThanOrEqual(CODES);
  // One decides under the leases, the commits end the attempts, and no more marks are set than these.
  expect(await statements.count('update token_attempts')).toBeLessThanOrEqual(begins + 2 * commits);
});
