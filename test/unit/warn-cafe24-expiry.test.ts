import { expect, test } from 'vitest';
import { warnCafe24Expiry } from '#functions/warn-cafe24-expiry/warn-cafe24-expiry.ts';
import { eventBridgeBatches } from '#shared/eventbridge/batch-publisher.ts';
import type { DueMall } from '#shared/grants/schedule.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { recordingMetrics } from '#test/support/recording-metrics.ts';
import { scriptedEventBus } from '#test/support/scripted-event-bus.ts';

const deadline = { remainingMs: () => 60_000 };

function stage(...pages: DueMall[][]) {
  const prospects = { endingSoon: 7, areAllOfOthers: false };
  const bus = scriptedEventBus();
  const metrics = recordingMetrics();
  const confirmed: string[] = [];
  const dependencies = {
    schedule: {
      markDue: () => Promise.resolve(pages.shift() ?? []),
      confirmWarned: (malls: readonly string[]) => Promise.resolve(void confirmed.push(...malls)),
      prospects: () => Promise.resolve(prospects),
      lastingRefusals: () => Promise.resolve(['refused-mall']),
    },
    bus: eventBridgeBatches('a-bus', {
      client: bus.client,
      pause: () => Promise.resolve(),
      random: () => 0,
    }),
    metrics,
    newId: () => 'id-1',
    clock: fixedClock().now,
  };
  const sweep = () => warnCafe24Expiry(deadline, dependencies);
  return { bus, metrics, confirmed, prospects, sweep };
}

const due = (mallId: string, expiresAt: Date | undefined = new Date(0)): DueMall => ({
  ...{ mallId, version: 1, expiresAt, reason: 'expiring' },
});

test('a mall of which no warning can be made is left out, and harms nobody', async () => {
  const malls = Array.from({ length: 50 }, (_, n) => due(`mall-${n}`));
  const { bus, confirmed, sweep } = stage([due('My_Shop'), ...malls]);
  expect(await sweep()).toEqual({
    warned: 50,
    endingSoon: 7,
    refusedForADay: ['refused-mall'],
    leftOut: [expect.stringMatching(/^My_Shop: mallId: /) as string],
  });
  expect(bus.published).toHaveLength(50);
  expect(confirmed).toContain('My_Shop');
});

test('a grant that never expires is announced when a client saw it refused', async () => {
  const { bus, sweep } = stage([{ ...due('a-mall'), expiresAt: undefined, reason: 'rejected' }]);
  expect(await sweep()).toMatchObject({ warned: 1, leftOut: [] });
  expect(bus.published[0]?.detail).not.toHaveProperty('expiresAt');
});

test('the grants that end soon are counted also when no warning can be published', async () => {
  const { bus, metrics, confirmed, sweep } = stage([due('a-mall')]);
  bus.failsWith(...Array.from({ length: 4 }, () => new Error('away')));
  await expect(sweep()).rejects.toMatchObject({ code: 'publish-failed' });
  expect(metrics.counts).toEqual(['RefreshTokensEndingSoon 7']);
  expect(confirmed).toEqual([]);
});

test('a client that none of the grants belongs to is a mistake that is told', async () => {
  const { prospects, sweep } = stage();
  prospects.areAllOfOthers = true;
  await expect(sweep()).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('CAFE24_CLIENT_ID') as string,
  });
});
