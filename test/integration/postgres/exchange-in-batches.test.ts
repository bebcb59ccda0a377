import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Cafe24Ticket } from '#shared/cafe24/oauth.ts';
import type { OutcomeEvent, Redeemed } from '#shared/grants/ports.ts';
import { someGrant } from '#test/support/cafe24-world.ts';
import { countedStatements } from '#test/support/counted-statements.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { codeRecord, exchangeHandler } from '#test/support/exchange-handler.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { inMemoryEscrow } from '#test/support/in-memory-escrow.ts';

const CODES = 100;
const BATCH = 10;
const statements = {
  lease: 'insert into cafe24.token_attempts',
  decide: 'as verdict',
  commit: 'insert into cafe24.oauth_tokens as stored',
  mark: 'set published_at = cafe24.clock()',
  store: 'insert into cafe24.oauth_authorization_codes',
};

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase(inject('localAws').postgres);
});
afterAll(() => test.drop());

interface Stage {
  readonly redeem: (ticket: Cafe24Ticket) => Promise<Redeemed<Cafe24Grant>>;
}

/** An invocation's parts, whose statements are counted. */
function stage({ redeem }: Stage) {
  const counted = countedStatements(test.database);
  const published: OutcomeEvent[] = [];
  const queue = fakeQueueMessages();
  const handler = exchangeHandler({
    database: counted.database,
    provider: { redeem },
    escrow: inMemoryEscrow(),
    bus: { publish: (event) => Promise.resolve(void published.push(event)) },
    queue,
  });
  return { counted, published, queue, ...handler };
}

const granted = ({ mallId }: Cafe24Ticket): Redeemed<Cafe24Grant> => ({
  kind: 'granted',
  grant: someGrant(mallId),
});

/** Answers all of a batch in the same moment. */
function atOnce(size: number) {
  let waiting: (() => void)[] = [];
  return async (ticket: Cafe24Ticket) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length < size) return;
      for (const go of waiting) go();
      waiting = [];
    });
    return granted(ticket);
  };
}

/** Answers one after another, so far apart that nothing can be gathered. */
function apart() {
  let before = Promise.resolve();
  return async (ticket: Cafe24Ticket) => {
    before = before.then(() => pause(15));
    await before;
    return granted(ticket);
  };
}

async function storedCodes(prefix: string): Promise<readonly object[]> {
  const malls = Array.from({ length: CODES }, (_, at) => `${prefix}-${String(at)}`);
  const rows = await test.sql(
    `insert into cafe24.oauth_authorization_codes (mall_id, code)
     select mall_id, 'code of ' || mall_id from unnest($1::text[]) mall_id
     returning mall_id as "mallId", id as "codeId"`,
    [malls],
  );
  return rows;
}

async function rowsOf(prefix: string): Promise<unknown> {
  const [row] = await test.sql(
    'select count(*)::int as rows from cafe24.oauth_tokens where mall_id like $1',
    [`${prefix}-%`],
  );
  return row?.['rows'];
}

describe('100 codes of 100 malls, in batches of 10', () => {
  it('cost one statement of each kind per batch when the answers come together', async () => {
    const { counted, published, invoke } = stage({ redeem: atOnce(BATCH) });
    const details = await storedCodes('together');
    for (let at = 0; at < CODES; at += BATCH) {
      const records = details.slice(at, at + BATCH).map((detail) => codeRecord(detail));
      expect(await invoke(records)).toEqual([]);
    }
    const batches = CODES / BATCH;
    expect(await rowsOf('together')).toBe(CODES);
    expect(published).toHaveLength(CODES);
    expect(counted.count(statements.lease)).toBe(batches);
    expect(counted.count(statements.decide)).toBe(batches);
    expect(counted.count(statements.commit)).toBe(batches);
    expect(counted.count(statements.mark)).toBe(batches);
    // begin, leases, decision, commit; the grants; the marks.
    expect(counted.texts).toHaveLength(6 * batches);
  });

  it('cost no more than a commit for each answer when every answer comes alone', async () => {
    const { counted, invoke } = stage({ redeem: apart() });
    const details = await storedCodes('apart');
    for (let at = 0; at < CODES; at += BATCH) {
      const records = details.slice(at, at + BATCH).map((detail) => codeRecord(detail));
      expect(await invoke(records)).toEqual([]);
    }
    const batches = CODES / BATCH;
    expect(await rowsOf('apart')).toBe(CODES);
    expect(counted.count(statements.lease)).toBe(batches);
    expect(counted.count(statements.decide)).toBe(batches);
    expect(counted.count(statements.commit)).toBeLessThanOrEqual(CODES);
    expect(counted.count(statements.mark)).toBeLessThan(CODES);
    const ofAnswers = counted.count(statements.commit) + counted.count(statements.mark);
    expect(counted.texts.length - ofAnswers).toBe(4 * batches);
  });

  it('are stored by one statement where they come in the events', async () => {
    const { counted, invoke } = stage({ redeem: atOnce(BATCH) });
    const records = Array.from({ length: BATCH }, (_, at) =>
      codeRecord({ mallId: `inline-${String(at)}`, code: `code-${randomUUID()}` }),
    );
    expect(await invoke(records)).toEqual([]);
    expect(await rowsOf('inline')).toBe(BATCH);
    expect(counted.count(statements.store)).toBe(1);
    expect(counted.texts).toHaveLength(7);
  });
});

describe('records of one batch with the same code', () => {
  it('are redeemed once: one works, the others share its answer as duplicates', async () => {
    let posts = 0;
    const { log, published, invoke } = stage({
      redeem: (ticket) => {
        posts += 1;
        return Promise.resolve(granted(ticket));
      },
    });
    const code = `code-${randomUUID()}`;
    const records = Array.from({ length: 3 }, () => codeRecord({ mallId: 'shared-mall', code }));
    expect(await invoke(records)).toEqual([]);
    expect(posts).toBe(1);
    expect(published).toHaveLength(1);
    const outcomes = log.lines.map(({ fields }) => fields['outcome']);
    expect(outcomes).toEqual(['issued', 'duplicate', 'duplicate']);
  });

  it('are all retried when the one that works fails', async () => {
    const { queue, invoke } = stage({
      redeem: () => Promise.resolve({ kind: 'failed', reason: 'status-503' }),
    });
    const code = `code-${randomUUID()}`;
    const records = Array.from({ length: 3 }, () => codeRecord({ mallId: 'failing-mall', code }));
    expect(await invoke(records)).toHaveLength(3);
    expect(queue.hidden).toHaveLength(3);
  });
});
