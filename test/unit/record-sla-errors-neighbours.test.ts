import { expect, test } from 'vitest';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { slaErrorsWorker } from '#functions/record-sla-errors/worker.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { inMemorySlaBreaches } from '#test/support/in-memory-sla-breaches.ts';
import { POISONED_FILES } from '#test/support/poisoned-files.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { lambdaContext } from '#test/support/lambda-context.ts';
import { sqsRecord } from '#test/support/sqs-records.ts';

const file = (filename: string) => ({
  folder: 'C:\\transit\\in',
  filename,
  sla: 60,
  creationDate: '2026-03-01T05:00:00',
});
const HEALTHY = Array.from({ length: 10 }, (_, index) => file(`${String(index)}.csv`));
const names = HEALTHY.map(({ filename }) => filename);

async function handle(files: unknown) {
  const clock = fixedClock('2026-03-01T12:00:00.000Z');
  const store = inMemorySlaBreaches();
  const queue = fakeQueueMessages();
  const published: OutcomeEvent[] = [];
  const bus = { publish: (event: OutcomeEvent) => Promise.resolve(void published.push(event)) };
  const handler = slaErrorsWorker(
    { openBreaches: store.open, bus, clock: clock.now, timeZone: 'America/Mexico_City' },
    { queue, clock: clock.now, log: recordingLog(), random: () => 0.5 },
  );
  const Records = [sqsRecord({ body: { files }, sentAt: clock.now() })];
  const answer = await handler(
    { Records },
    lambdaContext(() => 60_000),
  );
  return {
    stored: [...store.stored.values()].map(({ filename }) => filename),
    rejected: queue.rejected,
    published,
    answer,
  };
}

const poisoned = (poison: unknown) =>
  typeof poison === 'object' && poison !== null && !Array.isArray(poison)
    ? { ...file('b.csv'), ...poison }
    : poison;

test.each<readonly [string, unknown]>([
  ...POISONED_FILES.map(([name, poison]) => [name, poisoned(poison)] as const),
  ['an SLA as text', { ...file('b.csv'), sla: '60' }],
  ['no folder', { ...file('b.csv'), folder: undefined }],
  ['a nest of a thousand lists', JSON.parse('['.repeat(1_000) + ']'.repeat(1_000)) as unknown],
])('a file of an event (%s) costs none of its neighbours', async (_, poison) => {
  const files = [...HEALTHY.slice(0, 5), poison, ...HEALTHY.slice(5)];

  const { stored, rejected, published, answer } = await handle(files);

  expect(stored).toEqual(names);
  expect(answer.batchItemFailures).toEqual([]);
  expect(rejected).toHaveLength(1);
  expect(rejected[0]).toMatchObject({ reason: 'invalid-message' });
  expect(rejected[0]?.errorMessage).toMatch(/^detail\.files\.5\b/);
  expect(published[0]?.detail).toMatchObject({ recorded: 10, duplicates: 0, refused: 1 });
});

test('of an event whose files are all wrong the first 50 problems are told, and how many follow', async () => {
  const { rejected } = await handle(Array.from({ length: 1_000 }, () => null));

  const { errorMessage = '' } = rejected[0] ?? {};
  expect(errorMessage).toContain('detail.files.49: ');
  expect(errorMessage).not.toContain('detail.files.50');
  expect(errorMessage.endsWith('; and 950 more')).toBe(true);
});
