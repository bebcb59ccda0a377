import type { PostgresAddress } from '#infra/local/local-aws.ts';
import { postgresSchedule } from '#shared/postgres/schedule.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

const MALLS = 100_000;
const DUE_OF_100 = 2;
const PAGE = 1_000;

export interface SweepFigures {
  readonly way: string;
  readonly due: number;
  readonly statements: number;
  readonly seconds: number;
  readonly highestMemoryMegabytes: number;
}

/**
 * The sweep over 100,000 malls of which 2 % are due: ours, page by page over the index, beside one
 * that reads all rows and decides in the process, then marks mall by mall. Same database, same run.
 */
export async function measureSweep(
  address: PostgresAddress,
): Promise<{ readonly figures: readonly SweepFigures[]; readonly plan: string }> {
  const test = await createTestDatabase(address);
  try {
    await fill(test);
    const plan = await planOf(test);
    const ours = await measure('pages over the index', async (count) => {
      let due = 0;
      for (;;) {
        const page = await postgresSchedule(test.database).markDue(PAGE);
        count(1);
        due += page.length;
        if (page.length === 0) return due;
      }
    });
    await test.sql(`update cafe24.refresh_schedule set warn_again_at = '-infinity'`);
    const plain = await measure('read all, mark one by one', (count) => sweepPlain(test, count));
    return { figures: [ours, plain], plan };
  } finally {
    await test.drop();
  }
}

async function fill({ sql }: TestDatabase): Promise<void> {
  await sql(
    `insert into cafe24.oauth_tokens (mall_id, access_token, expires_at, refresh_token)
     select 'mall-' || n, 'access-' || n, clock_timestamp() + interval '1 hour', 'refresh-' || n
       from generate_series(1, $1) n`,
    [MALLS],
  );
  await sql(
    `update cafe24.refresh_schedule
        set due_at = clock_timestamp() + interval '1 day' * (case when random() * 100 < $1 then -1 else 1 end)`,
    [DUE_OF_100],
  );
  await sql('analyze cafe24.refresh_schedule');
  await sql('analyze cafe24.oauth_tokens');
}

async function planOf({ sql }: TestDatabase): Promise<string> {
  const rows = await sql(
    `explain (costs off)
     select mall_id from cafe24.refresh_schedule
      where due_at <= (select cafe24.clock()) and warn_again_at <= (select cafe24.clock())
      order by due_at limit ${String(PAGE)} for update skip locked`,
  );
  return rows.map((row) => String(row['QUERY PLAN'])).join('\n');
}

async function sweepPlain({ sql }: TestDatabase, count: (calls: number) => void): Promise<number> {
  const all = await sql('select mall_id, due_at, warn_again_at from cafe24.refresh_schedule');
  count(1);
  const now = Date.now();
  const due = all.filter((row) => (row['due_at'] as Date).getTime() <= now);
  for (const row of due) {
    await sql(
      `update cafe24.refresh_schedule set warn_again_at = clock_timestamp() + interval '2 minutes'
        where mall_id = $1`,
      [row['mall_id']],
    );
    count(1);
  }
  return due.length;
}

async function measure(
  way: string,
  sweep: (count: (calls: number) => void) => Promise<number>,
): Promise<SweepFigures> {
  let statements = 0;
  let highest = 0;
  const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 20);
  const beganMs = performance.now();
  const due = await sweep((calls) => (statements += calls));
  const seconds = (performance.now() - beganMs) / 1_000;
  clearInterval(watch);
  highest = Math.max(highest, process.memoryUsage().rss);
  return {
    way,
    due,
    statements,
    seconds: Number(seconds.toFixed(3)),
    highestMemoryMegabytes: Math.round(highest / 2 ** 20),
  };
}
