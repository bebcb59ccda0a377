import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { DependencyRefusedError, DependencyUnavailableError } from '#shared/errors.ts';
import { fakeQueueMessages, type FakeQueueMessages } from './fake-queue-messages.ts';
import { lambdaContext } from './lambda-context.ts';
import { sqsRecord } from './sqs-records.ts';

/** A queue's function on stores in memory. */
export interface NeighboursStage {
  readonly handle: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
  /** What is done for the name, e.g. the stored grant of the mall; undefined if nothing. */
  readonly doneFor: (name: string) => Promise<unknown>;
  readonly now: () => Date;
}

export interface Neighbours {
  /** A message that is well formed; `name` is that of a mall, an account, a file. */
  readonly bodyOf: (name: string) => unknown;
  /** Of a name that is well formed and not configured, where there is such a thing. */
  readonly unknownReason?: string;
  /** Why a message is rejected of which the store refuses something for good; the store's, if not said. */
  readonly refusedReason?: string;
  /** @param fail throws if what a store or a provider is asked for is of a name that has a fault. */
  readonly open: (fail: (name: string) => void, queue: FakeQueueMessages) => NeighboursStage;
}

const GOOD = Array.from({ length: 10 }, (_, n) => `good-${String(n)}`);
const FAULTS: Readonly<Record<string, () => unknown>> = {
  refused: () => new DependencyRefusedError('store-refused', 'The store will never take it.'),
  bug: () => new TypeError('x is undefined'),
  timeout: () => new DependencyUnavailableError('store-unavailable', 'The store did not answer.'),
};

/** A batch of ten good messages with one poison of each sort among them, at any place. */
export function describeNeighbours(name: string, neighbours: Neighbours): void {
  const { bodyOf, unknownReason, refusedReason = 'store-refused' } = neighbours;
  const poisons: readonly (readonly [sort: string, body: unknown, reason: string | undefined])[] = [
    ['text that is no JSON', '{', 'invalid-message'],
    ['JSON that is no object', '[]', 'invalid-message'],
    ['something of another contract', { parcelId: 5 }, 'invalid-message'],
    ['text that no store takes', bodyOf('a\u0000b'), 'invalid-message'],
    ['what the store refuses for good', bodyOf('refused'), refusedReason],
    ['what meets a bug', bodyOf('bug'), undefined],
    ['what the store does not answer', bodyOf('timeout'), undefined],
    ...(unknownReason
      ? [['a name that is not configured', bodyOf('unknown'), unknownReason] as const]
      : []),
  ];

  const consume = async (bodies: readonly (readonly [id: string, body: unknown])[]) => {
    const queue = fakeQueueMessages();
    const stage = neighbours.open((asked) => {
      const fault = FAULTS[asked];
      if (fault !== undefined) throw fault();
    }, queue);
    const sentAt = stage.now();
    const Records = bodies.map(([messageId, body]) => sqsRecord({ messageId, body, sentAt }));
    const answer = await stage.handle(
      { Records },
      lambdaContext(() => 60_000),
    );
    const kept = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    const done = await Promise.all(GOOD.map((good) => stage.doneFor(good)));
    const rejected = queue.rejected.map(({ messageId, reason }) => [messageId, reason]);
    return { kept, rejected, done: done.filter((it) => it !== undefined).length };
  };
  const good = GOOD.map((it) => [it, bodyOf(it)] as const);

  describe(`${name}: among ten good messages`, () => {
    test.each(poisons)('%s has its own fate, and the ten are done', async (_, body, reason) => {
      for (const place of [0, 5, 10]) {
        const batch = good.toSpliced(place, 0, ['poison', body]);

        expect(await consume(batch)).toEqual({
          kept: reason === undefined ? ['poison'] : [],
          rejected: reason === undefined ? [] : [['poison', reason]],
          done: 10,
        });
      }
    });

    test('one poison of each sort has its own fate, and the ten are done', async () => {
      const batch = poisons.flatMap(([sort, body], at) => [good[at]!, [sort, body] as const]);
      const { kept, rejected, done } = await consume([...batch, ...good.slice(poisons.length)]);

      expect(done).toBe(10);
      expect(kept.sort()).toEqual(['what meets a bug', 'what the store does not answer']);
      expect(rejected.sort()).toEqual(
        poisons
          .flatMap(([sort, , reason]) => (reason === undefined ? [] : [[sort, reason]]))
          .sort(),
      );
    });
  });
}
