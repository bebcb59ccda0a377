import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { warnCafe24Expiry } from '#functions/warn-cafe24-expiry/warn-cafe24-expiry.ts';
import type { PostgresAddress } from '#infra/local/local-aws.ts';
import { systemClock } from '#shared/clock.ts';
import { eventBridgeBatches } from '#shared/eventbridge/batch-publisher.ts';
import { MARK_DUE, postgresSchedule } from '#shared/postgres/schedule.ts';
import { countedStatements } from '#test/support/counted-statements.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { scriptedEventBus } from '#test/support/scripted-event-bus.ts';

const MALLS = 100_000;
const DUE_OF_100 = 2;

export interface SweepFigures {
  readonly way: string;
  readonly due: number;
  readonly statements: number;
  /** Calls of PutEvents, before a bus in memory. */
  readonly putEvents?: number;
  readonly seconds: number;
  readonly highestMemoryMegabytes: number;
}

/**
 * The sweep over 100,000 malls of which 2 % are due: the function's use case, with its warnings on a bus
 * in memory, beside one that reads all rows and decides in the process, then marks mall by mall and
 * publishes nothing. Same database, same run.
 */
export async function measureSweep(
  address: PostgresAddress,
): Promise<{ readonly figures: readonly SweepFigures[]; readonly plan: string }> {
  const test = await createTestDatabase(address);
  try {
    await fill(test);
    const plan = await planOf(test);
    let putEvents = 0;
    const ours = await measure('warn-cafe24-expiry', async (count) => {
      const counted = countedStatements(test.database);
      const bus = scriptedEventBus();
      const { warned } = await warnCafe24Expiry(
        { remainingMs: () => 60_000 },
        {
          schedule: postgresSchedule(counted.database, 'our-client'),
          bus: eventBridgeBatches('a-bus', { client: bus.client, pause, random: Math.random }),
          metrics: { gauge: () => undefined },
          newId: randomUUID,
          clock: systemClock,
        },
      );
      count(counted.texts.length);
      putEvents = bus.calls.length;
      return warned;
    });
    await test.sql(`update cafe24.refresh_schedule set warn_again_at = '-infinity'`);
    const plain = await measure('read all, mark one by one', (count) => sweepPlain(test, count));
    return { figures: [{ ...ours, putEvents }, plain], plan };
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
  const rows = await sql(`explain (costs off) ${MARK_DUE}`, [1_000, 'our-client']);
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
