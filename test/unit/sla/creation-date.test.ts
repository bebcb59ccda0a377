import { describe, expect, it, test } from 'vitest';
import { parseCreationDate } from '#shared/sla/creation-date.ts';
import { isKnownZone } from '#shared/sla/wall-time.ts';

const read = (text: string, zone = 'America/Bogota') =>
  parseCreationDate(text, zone)?.toISOString();

describe('parseCreationDate', () => {
  test.each([
    ['2024-06-15T19:25:25.1234567-05:00', '2024-06-16T00:25:25.123Z'],
    ['2024-06-15T19:25:25.1239999-05:00', '2024-06-16T00:25:25.123Z'],
    ['2024-06-15T19:25:25', '2024-06-16T00:25:25.000Z'],
    ['2024-06-15 19:25:25', '2024-06-16T00:25:25.000Z'],
    ['2024-06-15 19:25:25.5', '2024-06-16T00:25:25.500Z'],
    ['2024-06-12T12:00:00Z', '2024-06-12T12:00:00.000Z'],
    ['2024-06-12 12:00:00Z', '2024-06-12T12:00:00.000Z'],
    ['2024-06-12T12:00:00+05:45', '2024-06-12T06:15:00.000Z'],
    ['2024-06-12T12:00:00-00:00', '2024-06-12T12:00:00.000Z'],
    ['/Date(1718479525123)/', '2024-06-15T19:25:25.123Z'],
    ['/Date(-1000)/', '1969-12-31T23:59:59.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['1601-01-01T00:00:00Z', '1601-01-01T00:00:00.000Z'],
  ])('reads %s as %s', (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  test.each([
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-00-10T00:00:00Z',
    '2024-06-15T24:00:00Z',
    '2024-06-15T23:60:00Z',
    '2024-06-15T23:59:60Z',
    '2024-02-30 00:00:00',
    '2024-06-15T19:25:25.',
    '2024-06-15T19:25:25,123',
    '2024-06-15T19:25',
    '2024-06-15',
    '2024-6-15T19:25:25',
    '15/06/2024 19:25:25',
    '06/15/2024 7:25:25 PM',
    '2024-06-15T19:25:25+14:01',
    '2024-06-15T19:25:25-24:00',
    '2024-06-15T19:25:25+05:60',
    '2024-06-15T19:25:25-0500',
    '2024-06-15T19:25:25 Z',
    ' 2024-06-15T19:25:25Z',
    '2024-06-15T19:25:25Z\n',
    '٢٠٢٤-06-15T19:25:25Z',
    '/Date()/',
    '/Date(1718479525123',
    '/Date(1718479525.5)/',
    '/Date(999999999999999)/',
    '1718479525123',
    '1600-12-31T23:59:59Z',
    '9999-01-01T00:00:00Z',
    'yesterday',
    '',
  ])('does not read %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('is the same instant in every form', () => {
    const forms = [
      '2024-06-15T19:25:25.1234567-05:00',
      '2024-06-15T19:25:25.123',
      '2024-06-15 19:25:25.1230',
      '2024-06-16T00:25:25.123Z',
      '2024-06-16T02:25:25.123+02:00',
      '/Date(1718497525123)/',
    ];
    expect(new Set(forms.map((form) => read(form)))).toEqual(new Set(['2024-06-16T00:25:25.123Z']));
  });

  test.each([
    ['2024-01-15T12:00:00', 'Europe/Madrid', '2024-01-15T11:00:00.000Z'],
    ['2024-07-15T12:00:00', 'Europe/Madrid', '2024-07-15T10:00:00.000Z'],
    ['2024-07-15T12:00:00.250', 'Asia/Kathmandu', '2024-07-15T06:15:00.250Z'],
    ['2024-07-15T00:30:00', 'Pacific/Kiritimati', '2024-07-14T10:30:00.000Z'],
    ['2024-07-15T23:30:00', 'Pacific/Pago_Pago', '2024-07-16T10:30:00.000Z'],
    // Half an hour before and after the hour that Madrid skips.
    ['2024-03-31T01:30:00', 'Europe/Madrid', '2024-03-31T00:30:00.000Z'],
    ['2024-03-31T03:30:00', 'Europe/Madrid', '2024-03-31T01:30:00.000Z'],
    // And around the hour that it has twice.
    ['2024-10-27T01:30:00', 'Europe/Madrid', '2024-10-26T23:30:00.000Z'],
    ['2024-10-27T03:30:00', 'Europe/Madrid', '2024-10-27T02:30:00.000Z'],
    // The southern summer ends in autumn.
    ['2024-04-07T01:59:59', 'Australia/Lord_Howe', '2024-04-06T14:59:59.000Z'],
    ['2024-04-07T02:00:00', 'Australia/Lord_Howe', '2024-04-06T15:30:00.000Z'],
  ])('reads %s in %s as %s', (text, zone, instant) => {
    expect(read(text, zone)).toBe(instant);
  });

  it('takes a wall time that comes twice as the first of the two', () => {
    expect(read('2024-10-27T02:30:00', 'Europe/Madrid')).toBe('2024-10-27T00:30:00.000Z');
    expect(read('2024-11-03T01:30:00', 'America/New_York')).toBe('2024-11-03T05:30:00.000Z');
  });

  it('takes a wall time that is skipped with the offset before the change', () => {
    expect(read('2024-03-31T02:30:00', 'Europe/Madrid')).toBe('2024-03-31T01:30:00.000Z');
    expect(read('2024-03-10T02:30:00', 'America/New_York')).toBe('2024-03-10T07:30:00.000Z');
  });

  it('does not depend on the zone of the process', () => {
    const saved = process.env['TZ'];
    try {
      process.env['TZ'] = 'Asia/Tokyo';
      expect(read('2024-06-15T19:25:25')).toBe('2024-06-16T00:25:25.000Z');
    } finally {
      if (saved === undefined) delete process.env['TZ'];
      else process.env['TZ'] = saved;
    }
  });
});

test('a zone that the runtime does not know is told apart', () => {
  expect(isKnownZone('America/Mexico_City')).toBe(true);
  expect(isKnownZone('America/Atlantis')).toBe(false);
  expect(isKnownZone('')).toBe(false);
});
