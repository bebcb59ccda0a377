import { expect, test } from 'vitest';
import { isStorable } from '#events/text.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { holdsForEach } from '#test/support/fuzz.ts';
import { oddBodies } from '#test/support/odd-bodies.ts';
import { QUEUE_FUNCTIONS, type QueueFunction } from '#test/support/queue-functions.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { lambdaContext, sqsRecord } from '#test/support/sqs-records.ts';

/** Why a message may stay in its queue here, where no store and no provider is ever away. */
const MAY_WAIT_FOR = new Set(['code-not-found']);

test.each(Object.entries(QUEUE_FUNCTIONS))(
  '%s: whatever is sent has its own fate, with a reason, and costs no neighbour',
  async (_, queueFunction) => {
    await holdsForEach(oddBodies(queueFunction.event), async (body) => {
      const { kept, lines, told, queue } = await consume(queueFunction, body);

      expect(lines.filter(({ fields }) => fields['code'] === 'unknown-error')).toEqual([]);
      for (const code of kept) expect(MAY_WAIT_FOR).toContain(code);
      for (const { messageId, reason, errorMessage } of queue.rejected) {
        expect([messageId, reason, errorMessage]).toEqual(['odd', WORD, WORDS]);
      }
      expect(queue.deadLetters.every(({ explained }) => explained)).toBe(true);
      expect(fatesOf(lines, 'acknowledged')).toEqual(expect.arrayContaining(['before', 'after']));
      expect(textsIn(told.map(({ detail }) => detail)).filter((it) => !isStorable(it))).toEqual([]);
    });
  },
);

test('a message that the fuzz finds healthy is one, so that neighbours mean something', async () => {
  for (const queueFunction of Object.values(QUEUE_FUNCTIONS)) {
    const { lines } = await consume(queueFunction, JSON.stringify(queueFunction.healthy(9)));
    expect(fatesOf(lines, 'acknowledged').sort()).toEqual(['after', 'before', 'odd']);
  }
});

const WORD = expect.stringMatching(/^[a-z-]+$/) as string;
const WORDS = expect.stringMatching(/\w:? \S*\w/) as string;

type Line = ReturnType<typeof recordingLog>['lines'][number];

/** One batch: what is odd between two that are healthy. */
async function consume({ event, healthy, open }: QueueFunction, body: string) {
  const clock = fixedClock();
  const queue = fakeQueueMessages();
  const log = recordingLog();
  const told: OutcomeEvent[] = [];
  const handle = open({ queue, clock: clock.now, log, random: () => 0.5 }, told);
  const sentAt = clock.now();
  const records = [
    sqsRecord({ messageId: 'before', sentAt, body: healthy(1) }),
    sqsRecord({ messageId: 'odd', sentAt, body }),
    sqsRecord({
      messageId: 'after',
      sentAt,
      body: { 'detail-type': event.detailType, detail: healthy(2) },
    }),
  ];
  const answer = await handle(
    { Records: records },
    lambdaContext(() => 60_000),
  );
  const ids = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  const kept = log.lines
    .filter(
      ({ fields }) => fields['fate'] === 'retried' && ids.includes(String(fields['messageId'])),
    )
    .map(({ fields }) => fields['code']);
  expect(kept).toHaveLength(ids.length);
  return { kept, lines: log.lines, told, queue };
}

function fatesOf(lines: readonly Line[], fate: string): unknown[] {
  return lines
    .filter(({ fields }) => fields['fate'] === fate)
    .map(({ fields }) => fields['messageId']);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
