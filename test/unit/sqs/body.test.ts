import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '#events/define-event.ts';
import { InvalidMessageError } from '#shared/errors.ts';
import { parseBody } from '#shared/sqs/body.ts';
import { NO_LOSSES } from '#shared/sqs/losses.ts';

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
      headers: { id: 'event-1', time: new Date('2026-03-01T11:59:00Z') },
      detail: { parcelId: 'p-1' },
      losses: NO_LOSSES,
    });
  });

  test('a bare detail has no headers, even if it names an id and a time', () => {
    expect(parse({ parcelId: 'p-1', id: 'mine', time: 'noon' })).toEqual({
      headers: { id: undefined, time: undefined },
      detail: { parcelId: 'p-1' },
      losses: NO_LOSSES,
    });
  });

  test('a bare detail with a field named detail is no envelope', () => {
    expect(parse({ parcelId: 'p-1', detail: { parcelId: 5 } }).detail).toEqual({ parcelId: 'p-1' });
  });
});

describe('what is refused', () => {
  test.each([
    ['undefined', ''],
    ['', ': it is empty'],
    ['parcelId=p-1', ': it looks like a form'],
    ['{"parcelId":"p-1"', ': it begins like JSON, and may be cut off'],
    ["{'parcelId': 'p-1'}", `: it has ' around names, JSON has "`],
    ['{parcelId:p-1}', ': its names have no quotation marks, a shell may have taken them'],
    ['{\\"parcelId\\":\\"p-1\\"}', ': its quotation marks are escaped once too often'],
    ['@{parcelId=p-1}', ': it looks like an object of PowerShell, call ConvertTo-Json'],
    ['<html></html>', ': it looks like XML or HTML'],
    [btoa('{"parcelId":"p-1"}'), ': it looks like Base64, send the text itself'],
  ])('text that is not JSON is said to be so, and why, if that can be told: %s', (body, why) => {
    expect(problemOf(body)).toBe(`body: expected JSON, got text that is not JSON${why}`);
  });

  test.each([
    ['null', 'null'],
    ['5', 'number'],
    ['"p-1"', 'string'],
  ])('JSON that is no object is said to be so: %s', (body, kind) => {
    expect(problemOf(body)).toBe(`body: expected object, received ${kind}`);
  });

  test('an envelope with a foreign detail-type is told which one is expected', () => {
    const foreign = envelope({ 'detail-type': 'ParcelLost', detail: { parcelId: 5 } });

    expect(problemIn(foreign)).toBe(
      'detail-type: expected ParcelSent, got that of an event that nobody here knows: ' +
        'the rule or the sender means another queue',
    );
    expect(problemIn(envelope({ 'detail-type': 'TokenIssued' }))).toMatch(
      /^detail-type: expected ParcelSent, got TokenIssued: /,
    );
  });

  test('every wrong field of an envelope is named by its path, all at once', () => {
    const stops = [{ minutes: 1 }, { minutes: 'two' }];

    expect(problemIn(envelope({ detail: { stops } })).split('; ')).toEqual([
      'detail.parcelId: expected string, received undefined',
      'detail.stops.1.minutes: expected number, received string',
    ]);
  });

  test('every wrong field of a bare detail is named by its path, all at once', () => {
    expect(problemIn({ stops: 'none' })).toBe(
      'parcelId: expected string, received undefined; stops: expected array, received string',
    );
  });

  test('of many wrong fields the first 50 are named, and the others counted', () => {
    const stops = Array.from({ length: 60 }, () => ({}));
    const problems = problemIn({ parcelId: 'p-1', stops }).split('; ');

    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toBe('and 10 further problems');
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
      JSON.stringify(envelope({ detail: secret })),
      JSON.stringify({ [secret]: secret, Records: [{ eventSource: secret }] }),
      JSON.stringify([secret, secret]),
      JSON.stringify({ Type: 'Notification', Message: secret }),
    ];

    expect(bodies.map(problemOf).join()).not.toContain(secret);
  });
});
