import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '#events/define-event.ts';
import { InvalidMessageError } from '#shared/errors.ts';
import { parseBody } from '#shared/sqs/body.ts';

const ParcelSent = defineEvent(
  'ParcelSent',
  z.object({
    parcelId: z.string(),
    stops: z.array(z.object({ minutes: z.int() })).optional(),
  }),
);
const envelope = (fields: object) => ({
  id: 'event-1',
  time: '2026-03-01T11:59:00Z',
  'detail-type': 'ParcelSent',
  detail: { parcelId: 'p-1' },
  ...fields,
});
const parse = (body: unknown) => parseBody(JSON.stringify(body), ParcelSent);

function problemOf(body: string): string {
  try {
    parseBody(body, ParcelSent);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidMessageError);
    expect((error as Error).cause).toBeUndefined();
    return (error as Error).message;
  }
  throw new Error('The body was taken for valid');
}
const problemIn = (body: unknown) => problemOf(JSON.stringify(body));

describe('what is taken', () => {
  test('an envelope of the event gives its detail, id and time', () => {
    expect(parse(envelope({ source: 'anybody', account: '1' }))).toEqual({
      headers: { id: 'event-1', time: '2026-03-01T11:59:00Z' },
      detail: { parcelId: 'p-1' },
    });
  });

  test('a bare detail has no headers, even if it names an id and a time', () => {
    expect(parse({ parcelId: 'p-1', id: 'mine', time: 'noon' })).toEqual({
      headers: {},
      detail: { parcelId: 'p-1' },
    });
  });

  test('a bare detail with a field named detail is no envelope', () => {
    expect(parse({ parcelId: 'p-1', detail: { parcelId: 5 } }).detail).toEqual({ parcelId: 'p-1' });
  });
});

describe('what is refused', () => {
  test.each(['', 'parcelId=p-1', '{"parcelId":"p-1"', 'undefined'])(
    'text that is not JSON is said to be so: %s',
    (body) => {
      expect(problemOf(body)).toBe('body: expected JSON, got text that is not JSON');
    },
  );

  test.each([
    ['null', 'null'],
    ['5', 'number'],
    ['"p-1"', 'string'],
    ['[]', 'array'],
  ])('JSON that is no object is said to be so: %s', (body, kind) => {
    expect(problemOf(body)).toBe(`body: expected object, received ${kind}`);
  });

  test('an envelope with a foreign detail-type is told which one is expected', () => {
    const foreign = envelope({ 'detail-type': 'ParcelLost', detail: { parcelId: 5 } });

    expect(problemIn(foreign)).toBe('detail-type: expected ParcelSent');
  });

  test('every wrong field of an envelope is named by its path, all at once', () => {
    const stops = [{ minutes: 1 }, { minutes: 'two' }];

    expect(problemIn(envelope({ time: 'noon', id: '', detail: { stops } })).split('; ')).toEqual([
      expect.stringMatching(/^id: /),
      expect.stringMatching(/^time: /),
      'detail.parcelId: expected string, received undefined',
      'detail.stops.1.minutes: expected number, received string',
    ]);
  });

  test('every wrong field of a bare detail is named by its path, all at once', () => {
    expect(problemIn({ stops: 'none' })).toBe(
      'parcelId: expected string, received undefined; stops: expected array, received string',
    );
  });

  test('no value of the body is quoted', () => {
    const secret = 'a-secret-code';
    const bodies = [
      secret,
      `{"parcelId": ${secret}}`,
      JSON.stringify(secret),
      JSON.stringify({ parcelId: [secret], stops: [secret, { minutes: secret }] }),
      JSON.stringify(envelope({ 'detail-type': secret })),
      JSON.stringify(envelope({ time: secret, id: 5, detail: { parcelId: { secret } } })),
    ];

    expect(bodies.map(problemOf).join()).not.toContain(secret);
  });
});
