import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#infra/local/eventually.ts';
import { attributesOf } from '#test/support/e2e.ts';
import {
  deployParcelQueue,
  type ParcelQueue,
  type ParcelQueueOptions,
} from '#test/support/parcel-queue.ts';

const NEIGHBOURS = Array.from({ length: 9 }, (_, at) => `neighbour-${String(at)}`);
const deliver = Object.fromEntries(NEIGHBOURS.map((parcelId) => [parcelId, 'deliver']));

/** Beside its neighbours, and in their middle. */
const batchWith = (deed: string) => ({
  ...Object.fromEntries(Object.entries(deliver).slice(0, 4)),
  culprit: deed,
  ...Object.fromEntries(Object.entries(deliver).slice(4)),
});
const bodiesOf = (letters: readonly { readonly Body?: string | undefined }[]) =>
  letters.map(({ Body = '{}' }) => (JSON.parse(Body) as { parcelId: string }).parcelId);

/** No `expect.poll`: of tests side by side, it takes another for its own. */
const holds = (queue: ParcelQueue, count: number, withinMs = 60_000) =>
  eventually(
    async () => ((await queue.remaining()) === count ? true : undefined),
    `${String(count)} messages in the queue`,
    withinMs,
  );

const parcels: ParcelQueue[] = [];
const deploy = async (options: Omit<ParcelQueueOptions, 'name'>): Promise<ParcelQueue> => {
  const name = `parcels-${randomUUID().slice(0, 8)}`;
  const queue = await deployParcelQueue(inject('localAws'), { name, ...options });
  parcels.push(queue);
  return queue;
};
afterAll(() => Promise.all(parcels.map((queue) => queue.stop())));

// Side by side, each with a function and queues of its own: they wait for timeouts.
describe.concurrent('a record among nine neighbours', { timeout: 150_000 }, () => {
  it('that ends its process reaches the DLQ without a reason; its neighbours are done', async () => {
    const queue = await deploy({ timeoutSeconds: 2, maxReceiveCount: 15 });
    await queue.send(batchWith('end'));
    await queue.delivered(NEIGHBOURS, 100_000);
    const letters = await queue.deadLetters(1, 100_000);
    expect(bodiesOf(letters)).toEqual(['culprit']);
    expect(attributesOf(letters[0]!)).toEqual({});
    // What a worker has delivered is deleted after that, or comes again.
    await holds(queue, 0);
  });

  it('that hangs until its process is ended does so too', async () => {
    const queue = await deploy({ timeoutSeconds: 3, maxReceiveCount: 15 });
    await queue.send(batchWith('hang'));
    await queue.delivered(NEIGHBOURS, 120_000);
    const letters = await queue.deadLetters(1, 120_000);
    expect(bodiesOf(letters)).toEqual(['culprit']);
    // What a worker has delivered is deleted after that, or comes again.
    await holds(queue, 0);
  });

  it('that can not be rejected stays in the queue; its neighbours are done', async () => {
    const queue = await deploy({ timeoutSeconds: 10, maxReceiveCount: 15, breakRejections: true });
    await queue.send(batchWith('forbid'));
    await queue.delivered(NEIGHBOURS);
    await holds(queue, 1, 10_000);
  });
});

describe.concurrent('records for which there is no time', { timeout: 60_000 }, () => {
  it('are given back unstarted, and no process is to blame for them', async () => {
    const queue = await deploy({ timeoutSeconds: 5, maxReceiveCount: 3, timeToStartMs: 600_000 });
    await queue.send({ a: 'deliver', b: 'deliver' });
    const letters = await queue.deadLetters(2, 50_000);
    expect(bodiesOf(letters).sort()).toEqual(['a', 'b']);
    await expect(queue.delivered(['a'], 2_000)).rejects.toThrow();
  });
});
