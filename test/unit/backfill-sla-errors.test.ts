import { expect, it } from 'vitest';
import { backfillSlaErrors } from '#functions/backfill-sla-errors/backfill-sla-errors.ts';
import { ConfigurationError, DependencyUnavailableError } from '#shared/errors.ts';
import type { Progress } from '#shared/sla/predecessor.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { recordingMetrics } from '#test/support/recording-metrics.ts';

it('tells how far it has come though a look fails, and fails with the look', async () => {
  let looks = 0;
  const saved: Progress[] = [];
  const metrics = recordingMetrics();
  const throttled = new DependencyUnavailableError('store-throttled', 'The table is busy');
  const running = backfillSlaErrors(
    { again: false, deadline: { remainingMs: () => 60_000 } },
    {
      table: {
        check: () => Promise.resolve(),
        fillNext: () => {
          looks += 1;
          if (looks === 3) return Promise.reject(throttled);
          return Promise.resolve({ looked: 10, filled: 8, left: ['unreadable'], next: 'a-key' });
        },
      },
      progress: {
        read: () => Promise.resolve(undefined),
        save: (progress) => {
          saved.push(progress);
          return Promise.resolve('saved');
        },
      },
      timeZone: 'America/Mexico_City',
      metrics,
      log: recordingLog(),
    },
  );

  await expect(running).rejects.toBe(throttled);
  expect(saved).toHaveLength(2);
  expect(metrics.counts).toEqual(['OldSlaErrorsFilled 16', 'OldSlaErrorsLeft 2']);
});

it('asked by the deploy, looks at what the table has and at nothing in it, done or not', async () => {
  const lacking = new ConfigurationError('The table lacks an index.');
  const run = (check: () => Promise<void>) =>
    backfillSlaErrors(
      { again: false, check: true, deadline: { remainingMs: () => 60_000 } },
      {
        table: { check, fillNext: () => Promise.reject(new Error('Nobody asked.')) },
        progress: {
          read: () => Promise.resolve(undefined),
          save: () => Promise.reject(new Error('Nobody asked.')),
        },
        timeZone: 'America/Mexico_City',
        metrics: recordingMetrics(),
        log: recordingLog(),
      },
    );

  expect(await run(() => Promise.resolve())).toEqual({
    done: false,
    looked: 0,
    filled: 0,
    left: 0,
  });
  await expect(run(() => Promise.reject(lacking))).rejects.toBe(lacking);
});
