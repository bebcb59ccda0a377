import { describe, expect, test } from 'vitest';
import { endsOf, QUEUES, type Outage, type Queue } from '#test/support/outage.ts';
import type { End } from '#test/support/virtual-queue.ts';

const DAY = 86_400;
/** Half a day of thousands of messages: seconds on a quiet machine. */
const patiently = { timeout: 90_000 };
/** A code lives so long. */
const CODE_SECONDS = 60;

/** That outlasts every horizon. */
const long = (outage: Partial<Outage>): Outage => ({ backlog: 300, seconds: 2 * DAY, ...outage });
const summary = (ends: Iterable<End>, { retry }: Queue) => {
  const all = [...ends];
  return {
    ended: all.length,
    withoutReason: all.filter(({ fate }) => fate === 'received-too-often').length,
    beforeHorizon: all.filter(({ ageSeconds }) => ageSeconds < retry.horizonSeconds).length,
    reasons: [...new Set(all.map(({ letter }) => letter?.attributes['Reason']?.StringValue))]
      .map((reason) => reason?.replace(/(?<=retries-exhausted:).*/, '…'))
      .filter((reason, at, reasons) => reasons.indexOf(reason) === at),
  };
};
const ALL_WITH_REASON = {
  withoutReason: 0,
  beforeHorizon: 0,
  reasons: ['retries-exhausted:…'],
};

describe.each(QUEUES)(
  'messages of $name in an outage that outlasts their horizon',
  patiently,
  (queue) => {
    test.each([10, 300, 3_000])(
      'all have a reason, none before its horizon: %i of them, whose work uses all its time',
      async (backlog) => {
        const ends = await endsOf(queue, long({ backlog }));

        expect(summary(ends.values(), queue)).toEqual({ ended: backlog, ...ALL_WITH_REASON });
      },
    );

    test.each<[string, Partial<Outage>]>([
      ['work fails at once', { failingMs: 10 }],
      [
        'SQS takes no backoff',
        { weather: (sqs) => (sqs.isBroken = (call) => call === 'hide'), failingMs: 10 },
      ],
      [
        'Lambda throttles each invocation until then, and SQS takes no backoff',
        {
          weather: (sqs, ageSeconds) => {
            sqs.isThrottled = () => ageSeconds() < queue.retry.horizonSeconds;
            sqs.isBroken = (call) => call === 'hide';
          },
        },
      ],
      [
        'the dead-letter queue takes nothing for a while',
        {
          weather: (sqs, ageSeconds) => {
            const { horizonSeconds, maxDelaySeconds } = queue.retry;
            sqs.isBroken = (call) =>
              call === 'reject' && ageSeconds() < horizonSeconds + 2 * maxDelaySeconds;
          },
        },
      ],
    ])('all have a reason, none before its horizon: %s', async (_, outage) => {
      const ends = await endsOf(queue, long(outage));

      expect(summary(ends.values(), queue)).toEqual({ ended: 300, ...ALL_WITH_REASON });
    });

    test('have a reason but for the one that ends its process each time', async () => {
      const ends = new Map(await endsOf(queue, long({ killer: 'parcel-7', failingMs: 10 })));
      const killer = ends.get('parcel-7')!;
      ends.delete('parcel-7');

      expect(killer.fate).toBe('received-too-often');
      expect(killer.ageSeconds).toBeGreaterThan(queue.retry.horizonSeconds);
      expect(summary(ends.values(), queue)).toEqual({ ended: 299, ...ALL_WITH_REASON });
    });
  },
);

describe.each(QUEUES)('messages of $name in an outage that ends', patiently, (queue) => {
  test('are all done when it is over', async () => {
    const seconds = queue.retry.horizonSeconds / 3;
    const ends = [...(await endsOf(queue, long({ seconds, failingMs: 1_000 }))).values()];

    expect(new Set(ends.map(({ fate }) => fate))).toEqual(new Set(['done']));
  });
});

test.each([
  ['10 codes, whose work fails at once', { backlog: 10, failingMs: 10 }],
  ['10 codes, whose work uses all its time', { backlog: 10 }],
  ['300 codes, whose work fails at once', { backlog: 300, failingMs: 10 }],
])('a code that waits for the end of an outage is still tried in time: %s', async (_, outage) => {
  const ends = [...(await endsOf(QUEUES[0], { seconds: 40, ...outage })).values()];

  expect(ends.filter(({ fate }) => fate !== 'done')).toEqual([]);
  expect(Math.max(...ends.map(({ ageSeconds }) => ageSeconds))).toBeLessThan(CODE_SECONDS);
});
