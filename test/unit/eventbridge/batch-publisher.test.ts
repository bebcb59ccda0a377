import { beforeEach, describe, expect, it, test } from 'vitest';
import { PublishFailedError } from '#shared/errors.ts';
import { eventBridgeBatches } from '#shared/eventbridge/batch-publisher.ts';
import { pack } from '#shared/pack.ts';
import { scriptedEventBus, type ScriptedEventBus } from '#test/support/scripted-event-bus.ts';

let bus: ScriptedEventBus;
let pauses: number[];
let remainingMs: () => number;

beforeEach(() => {
  bus = scriptedEventBus();
  pauses = [];
  remainingMs = () => 25_000;
});

function publish(events: ReturnType<typeof someEvents>): Promise<void> {
  const pause = (ms: number) => Promise.resolve(pauses.push(ms));
  const publisher = eventBridgeBatches('bus-1', { client: bus.client, pause, random: () => 1 });
  return publisher.publishAll(events, { remainingMs });
}

const someEvents = (count: number, folder = 'C:\\in', filesEach = 1) =>
  Array.from({ length: count }, (_, index) => ({
    detailType: 'SlaErrorSubmitted',
    detail: {
      files: Array.from({ length: filesEach }, (_file, file) => ({
        folder,
        filename: `${index}-${file}.csv`,
        sla: 60,
        creationDate: '2024-06-15T19:25:25Z',
      })),
    },
  }));

const namesOf = ({ published }: ScriptedEventBus) =>
  published.map(({ detail }) => (detail['files'] as { filename: string }[])[0]!.filename);

const expectedNames = (count: number) => Array.from({ length: count }, (_, i) => `${i}-0.csv`);

describe('eventBridgeBatches', () => {
  it('publishes every event to its bus, ten a call', async () => {
    await publish(someEvents(25));
    expect(bus.calls.map(({ entries }) => entries)).toEqual([10, 10, 5]);
    expect(namesOf(bus)).toEqual(expectedNames(25));
    expect(bus.published[0]).toMatchObject({
      EventBusName: 'bus-1',
      Source: 'tokenline',
      DetailType: 'SlaErrorSubmitted',
    });
  });

  it('puts no more than 200 KB into a call, counted in bytes', async () => {
    // 300 three-byte letters a file, fifty files an event: about 50 KB each.
    await publish(someEvents(9, 'あ'.repeat(300), 50));
    expect(bus.published).toHaveLength(9);
    expect(bus.calls).toHaveLength(3);
    expect(Math.max(...bus.calls.map(({ bytes }) => bytes))).toBeLessThanOrEqual(200_000);
  });

  it('offers again only what was refused, after a growing pause', async () => {
    const refuseOdd = (index: number) => (index % 2 === 1 ? 'ThrottlingException' : undefined);
    bus.failsWith(refuseOdd, (index) => (index === 0 ? 'InternalFailure' : undefined));
    await publish(someEvents(10));
    expect(bus.calls.map(({ entries }) => entries)).toEqual([10, 5, 1]);
    expect(namesOf(bus).sort()).toEqual(expectedNames(10));
    expect(pauses).toEqual([200, 600]);
  });

  it('offers a call again that got no answer', async () => {
    bus.failsWith(new Error('socket hang up'));
    await publish(someEvents(12));
    expect(bus.calls.map(({ entries }) => entries)).toEqual([10, 2, 10]);
    expect(namesOf(bus).sort()).toEqual(expectedNames(12).sort());
  });

  it('gives up after four rounds and says how many are missing and why', async () => {
    const refuseFirst = (index: number) => (index === 0 ? 'ThrottlingException' : undefined);
    bus.failsWith(refuseFirst, refuseFirst, refuseFirst, refuseFirst);
    await expect(publish(someEvents(3))).rejects.toThrow(
      new PublishFailedError('EventBridge did not take 1 of 3 events: ThrottlingException.'),
    );
    expect(bus.calls.map(({ entries }) => entries)).toEqual([3, 1, 1, 1]);
  });

  it('begins no call that could outlive the invocation', async () => {
    remainingMs = () => (bus.calls.length === 0 ? 25_000 : 3_999);
    await expect(publish(someEvents(11))).rejects.toThrow(
      'EventBridge did not take 1 of 11 events: no-time-left.',
    );
    expect(bus.calls).toHaveLength(1);
    expect(pauses).toEqual([]);
  });

  it.each([
    ['that its contract refuses', { detailType: 'SlaErrorSubmitted', detail: { files: [] } }],
    ['that nobody knows', { detailType: 'SlaErrorsSubmitted', detail: {} }],
  ])('publishes the neighbours of an event %s, and says that it did not', async (_, wrong) => {
    const some = someEvents(9);
    await expect(publish([...some.slice(0, 4), wrong as never, ...some.slice(4)])).rejects.toThrow(
      /^1 of 10 events were not offered: SlaErrors?Submitted is n/,
    );
    expect(namesOf(bus)).toEqual(expectedNames(9));
  });

  it('says of an event that a bug keeps from it the kind of error, and no word of its', async () => {
    const [event] = someEvents(1);
    const secretive = {
      detailType: 'SlaErrorSubmitted',
      get detail(): Record<string, unknown> {
        throw new RangeError('a-secret-token is out of range');
      },
    };
    await expect(publish([event!, secretive as never])).rejects.toThrow(
      /^1 of 2 events were not offered: RangeError$/,
    );
    expect(namesOf(bus)).toEqual(expectedNames(1));
  });

  it('says of a call that fails no word that is not the name of an error', async () => {
    const named = () => Object.assign(new Error(), { name: 'a-secret-token in a name' });
    bus.failsWith(named(), named(), named(), named());
    await expect(publish(someEvents(1))).rejects.toThrow(
      'EventBridge did not take 1 of 1 events: Error.',
    );
  });

  it('publishes the neighbours of an event that is too large for any call', async () => {
    const some = someEvents(9);
    const huge = someEvents(1, 'x'.repeat(2_000), 150);
    await expect(publish([...some.slice(0, 4), ...huge, ...some.slice(4)])).rejects.toThrow(
      'EventBridge did not take 1 of 10 events: ValidationException.',
    );
    expect(namesOf(bus).sort()).toEqual(expectedNames(9));
  });

  it('puts one by one what EventBridge refuses as a whole', async () => {
    const invalid = Object.assign(new Error('one of them'), { name: 'ValidationException' });
    bus.failsWith(invalid, () => undefined, invalid);
    await publish(someEvents(10));
    expect(bus.calls.map(({ entries }) => entries)).toEqual([10, ...Array<number>(10).fill(1), 1]);
    expect(namesOf(bus).sort()).toEqual(expectedNames(10));
  });

  it('makes no call for nothing', async () => {
    await publish([]);
    expect(bus.calls).toEqual([]);
  });
});

test('a parcel is as full as its limits allow, in order', () => {
  const sizes = [4, 4, 4, 1, 20, 1, 1, 1];
  expect(pack(sizes, (size) => size, { maxItems: 3, maxBytes: 10 })).toEqual([
    [4, 4],
    [4, 1],
    [20],
    [1, 1, 1],
  ]);
});
