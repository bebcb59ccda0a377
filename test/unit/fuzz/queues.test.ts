import { expect, test } from 'vitest';
import { isStorable } from '#events/text.ts';
import type { OutcomeEvent } from '#shared/grants/ports.ts';
import { eventBridgeEnvelope } from '#test/support/eventbridge-envelope.ts';
import { fakeQueueMessages } from '#test/support/fake-queue-messages.ts';
import { fixedClock } from '#test/support/fixed-clock.ts';
import { holdsForEach } from '#test/support/fuzz.ts';
import { lambdaContext } from '#test/support/lambda-context.ts';
import { oddBodies } from '#test/support/odd-bodies.ts';
import { QUEUE_FUNCTIONS, type QueueFunction } from '#test/support/queue-functions.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { sqsRecord } from '#test/support/sqs-records.ts';

/** Why a message may stay in its queue here, where no store and no provider is ever away. */
const MAY_WAIT_FOR: ReadonlySet<unknown> = new Set(['code-not-found']);

test.each(Object.entries(QUEUE_FUNCTIONS))(
  '%s: whatever is sent has its own fate, with a reason, and costs no neighbour',
  async (_, queueFunction) => {
    await holdsForEach(oddBodies(queueFunction.event), async (body) => {
      const faults = faultsOf(await consume(queueFunction, body));
      // The expectations of vitest would cost more than all that is tested.
      if (faults.length > 0) throw new Error(faults.join('\n'));
    });
  },
);

test('what the fuzz sends as a healthy neighbour is done', async () => {
  for (const queueFunction of Object.values(QUEUE_FUNCTIONS)) {
    const { fates } = await consume(queueFunction, JSON.stringify(queueFunction.healthy(9)));
    expect(fates).toEqual({ odd: 'acknowledged', neighbour: 'acknowledged' });
  }
});

type Consumed = Awaited<ReturnType<typeof consume>>;

function faultsOf({ fates, keptFor, codes, queue, told }: Consumed): string[] {
  const { rejected, deadLetters } = queue;
  const hasReason = ({ reason, errorMessage }: (typeof rejected)[number]) =>
    /^[a-z-]+$/.test(reason) && /\w:? \S*\w/.test(errorMessage);
  const texts = textsIn(told.map(({ detail }) => detail));
  const faults: readonly (readonly [boolean, string])[] = [
    [fates['odd'] === undefined, 'it has no fate'],
    [fates['neighbour'] !== 'acknowledged', `its neighbour is ${String(fates['neighbour'])}`],
    [codes.includes('unknown-error'), 'nobody foresaw it'],
    [!keptFor.every((code) => MAY_WAIT_FOR.has(code)), `it waits for ${keptFor.join()}`],
    [!rejected.every(hasReason), `it is rejected without a reason: ${JSON.stringify(rejected)}`],
    [!deadLetters.every(({ explained }) => explained), 'its dead letter tells no reason'],
    [!texts.every(isStorable), `a store can not keep what is told: ${JSON.stringify(texts)}`],
  ];
  return faults.flatMap(([isOne, name]) => (isOne ? [name] : []));
}

/** One batch: what is odd beside a message that is healthy. */
async function consume({ event, healthy, open }: QueueFunction, body: string) {
  const clock = fixedClock();
  const queue = fakeQueueMessages();
  const log = recordingLog();
  const told: OutcomeEvent[] = [];
  const handle = open({ queue, clock: clock.now, log, random: () => 0.5 }, told);
  const envelope = eventBridgeEnvelope(event.detailType, healthy(1));
  const records = [
    sqsRecord({ messageId: 'odd', sentAt: clock.now(), body }),
    sqsRecord({ messageId: 'neighbour', sentAt: clock.now(), body: envelope }),
  ];
  const answer = await handle(
    { Records: records },
    lambdaContext(() => 60_000),
  );
  const ends = log.lines.map(({ fields }) => fields).filter(({ fate }) => fate !== undefined);
  const kept = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const keptFor = ends.filter(({ messageId }) => kept.has(String(messageId)));
  return {
    fates: Object.fromEntries(ends.map(({ messageId, fate }) => [String(messageId), fate])),
    keptFor: keptFor.map(({ code }) => code),
    codes: log.lines.map(({ fields }) => fields['code']),
    queue,
    told,
  };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
