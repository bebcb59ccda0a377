import { expect, test } from 'vitest';
import TokenIssuedExample from '#events/examples/token-issued.json' with { type: 'json' };
import { gatheredOutcomes } from '#shared/eventbridge/gathered-outcomes.ts';
import { toldError } from '#shared/told-error.ts';
import { scriptedEventBus } from '#test/support/scripted-event-bus.ts';

const outcome = (recorded: number) => ({
  detailType: 'SlaErrorsRecorded',
  detail: { recorded, duplicates: 0, refused: 0 },
});

test('outcomes that come together go out ten a call', async () => {
  const bus = scriptedEventBus();
  const outcomes = gatheredOutcomes(bus.client, 'a-bus');

  await Promise.all(Array.from({ length: 23 }, (_, n) => outcomes.publish(outcome(n))));

  expect(bus.calls.map(({ entries }) => entries)).toEqual([10, 10, 3]);
  expect(bus.published[22]).toMatchObject({
    EventBusName: 'a-bus',
    Source: 'tokenline',
    DetailType: 'SlaErrorsRecorded',
    detail: { recorded: 22 },
  });
});

test('outcomes that are large go out 200 KB a call', async () => {
  const bus = scriptedEventBus();
  const outcomes = gatheredOutcomes(bus.client, 'a-bus');
  const large = {
    detailType: 'TokenIssued',
    detail: {
      ...TokenIssuedExample,
      scopes: Array.from({ length: 6_000 }, (_, at) => `scope-${String(at).padStart(4, '0')}`),
    },
  };

  await Promise.all(Array.from({ length: 5 }, () => outcomes.publish(large)));

  expect(bus.published).toHaveLength(5);
  expect(bus.calls.map(({ entries }) => entries)).toEqual([2, 2, 1]);
  expect(Math.max(...bus.calls.map(({ bytes }) => bytes))).toBeLessThan(200_000);
});

test('an outcome that the bus refuses fails alone', async () => {
  const bus = scriptedEventBus();
  const outcomes = gatheredOutcomes(bus.client, 'a-bus');
  bus.failsWith((index) => (index === 1 ? 'ThrottlingException' : undefined));

  const settled = await Promise.allSettled([0, 1, 2].map((n) => outcomes.publish(outcome(n))));

  expect(settled).toMatchObject([
    { status: 'fulfilled' },
    {
      reason: {
        name: 'PublishFailedError',
        message: 'EventBridge did not take SlaErrorsRecorded: ThrottlingException.',
      },
    },
    { status: 'fulfilled' },
  ]);
  expect(bus.published).toHaveLength(2);
});

test('a call that is refused for one of its outcomes fails for that one alone', async () => {
  const bus = scriptedEventBus();
  const outcomes = gatheredOutcomes(bus.client, 'a-bus');
  const invalid = Object.assign(new Error('one of them'), { name: 'ValidationException' });
  bus.failsWith(invalid, () => undefined, invalid);

  const settled = await Promise.allSettled([0, 1, 2].map((n) => outcomes.publish(outcome(n))));

  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(bus.published).toHaveLength(2);
});

test('a call that fails as a whole fails for all that shared it', async () => {
  const bus = scriptedEventBus();
  const outcomes = gatheredOutcomes(bus.client, 'a-bus');
  bus.failsWith(new Error('reset'));

  const settled = await Promise.allSettled([0, 1].map((n) => outcomes.publish(outcome(n))));

  expect(settled).toMatchObject([
    { reason: { name: 'PublishFailedError' } },
    { reason: { name: 'PublishFailedError' } },
  ]);
});

test('an event that is none of tokenline does not reach the bus, nor harm its neighbour', async () => {
  const bus = scriptedEventBus();
  const outcomes = gatheredOutcomes(bus.client, 'a-bus');
  const wrong = { detailType: 'SlaErrorsRecorded', detail: { recorded: -1 } };

  const settled = await Promise.allSettled([outcomes.publish(wrong), outcomes.publish(outcome(1))]);

  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(bus.published).toHaveLength(1);
});

test.each([
  [
    {
      detailType: 'SlaErrorsRecorded',
      detail: { recorded: -1, duplicates: 0, refused: 'a-secret' },
    },
    'SlaErrorsRecorded is not what events/ promises: recorded, refused.',
  ],
  [{ detailType: 'Unknown', detail: {} }, 'Unknown is no event of tokenline.'],
])('the log can say why an event does not reach the bus', async (wrong, message) => {
  const outcomes = gatheredOutcomes(scriptedEventBus().client, 'a-bus');

  const [settled] = await Promise.allSettled([outcomes.publish(wrong)]);

  expect(settled.status === 'rejected' && toldError(settled.reason).message).toBe(message);
});
