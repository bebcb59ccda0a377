import fc from 'fast-check';
import type { EventDefinition } from '#events/define-event.ts';
import { EVENTS } from '#events/index.ts';
import { eventBridgeEnvelope, snsNotification } from './eventbridge-envelope.ts';
import { examplesOf } from './event-examples.ts';
import { oddText } from './fuzz.ts';

type Step = (value: unknown) => unknown;

/** What stands nowhere in a contract, or seldom. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: oddText },
  fc.constantFrom('job \ud83d', 'run-\0', '\uffff'),
  fc.constantFrom<unknown>(null, true, {}, [], [[]], '', ' ', 'x'.repeat(5_000)),
  fc.integer(),
  fc.double(),
  fc.bigInt(-(2n ** 70n), 2n ** 70n).map(String),
  fc.date().map((date) => (Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString())),
  fc.constantFrom('2026-03-01T12:00:00+0000', '2026-03-01 12:00:00', '/Date(1718479525123)/'),
  fc.integer({ min: 1, max: 50 }).map((depth) => nested(depth)),
  fc.jsonValue(),
);

/** A change at a place that is drawn: whatever stands there is replaced, left out or joined. */
const change: fc.Arbitrary<Step> = fc
  .record({
    places: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    value: oddValue,
    name: oddText,
  })
  .chain(({ places, value, name }) =>
    fc.constantFrom<Step>(
      (it) => changed(it, places, () => value),
      (it) => changed(it, places, () => undefined),
      (it) => changed(it, places, (old) => (isObject(old) ? { ...old, [name]: value } : value)),
    ),
  );

const wrapping = (detailType: string): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Step>((it) => it) },
    fc.constantFrom<Step>(
      (it) => eventBridgeEnvelope(detailType, it as object),
      (it) => ({ DetailType: detailType, Source: 'odd', Detail: JSON.stringify(it) }),
      (it) => snsNotification(it as object),
      (it) => [it],
      (it) => ({ Entries: [it] }),
      (it) => ({ Records: [it] }),
      (it) => JSON.stringify(it),
    ),
  );

const inText: fc.Arbitrary<(json: string) => string> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((json: string) => json) },
  fc.constantFrom(
    (json: string) => `\u{FEFF}${json}`,
    (json: string) => json.slice(0, -2),
    (json: string) => json.replaceAll('"', "'"),
    (json: string) => Buffer.from(json).toString('base64'),
  ),
);

/** Bodies that somebody might send to the queue of an event: most are nearly right. */
export function oddBodies({ detailType }: EventDefinition<object>): fc.Arbitrary<string> {
  const own = examplesOf({ detailType }).map(({ detail }) => detail);
  const all = EVENTS.flatMap((event) => examplesOf(event)).map(({ detail }) => detail);
  const detail = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<object>(...own) },
    fc.constantFrom<object>(...all),
    oddValue,
  );
  const steps = fc.tuple(
    fc.array(change, { maxLength: 3 }),
    fc.array(wrapping(detailType), { maxLength: 3 }),
    fc.array(change, { maxLength: 1 }),
  );
  const nearly = fc.tuple(detail, steps, inText).map(([start, [changes, wraps, last], toText]) => {
    const body = [...changes, ...wraps, ...last].reduce<unknown>((it, step) => step(it), start);
    return toText(typeof body === 'undefined' ? '' : JSON.stringify(body));
  });
  return fc.oneof({ weight: 9, arbitrary: nearly }, oddText, fc.json());
}

function changed(value: unknown, [place, ...rest]: readonly number[], by: Step): unknown {
  if (place === undefined || !isObject(value)) return by(value);
  const names = Object.keys(value);
  const name = names[place % names.length];
  if (name === undefined) return by(value);
  const inside = changed(Reflect.get(value, name), rest, by);
  return Array.isArray(value)
    ? value.map((it: unknown, at) => (String(at) === name ? inside : it))
    : { ...value, [name]: inside };
}

function nested(depth: number): unknown {
  return depth === 0 ? 'deep' : depth % 2 === 0 ? [nested(depth - 1)] : { in: nested(depth - 1) };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
