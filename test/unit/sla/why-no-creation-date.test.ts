import { expect, test } from 'vitest';
import { parseCreationDate } from '#shared/sla/creation-date.ts';
import { whyNoCreationDate } from '#shared/sla/why-no-creation-date.ts';

test.each([
  ['2567-06-15 19:25:25', 'the Thai calendar'],
  ['2567-06-15T19:25:25.1234567-05:00', 'the Thai calendar'],
  ['1445-12-09T19:25:25', 'the Hijri or the Persian calendar'],
  ['1403-03-26 19:25:25', 'the Hijri or the Persian calendar'],
  ['0006-06-15 19:25:25', 'a Japanese era'],
  ['0113-06-15 19:25:25', 'the calendar of Taiwan'],
  ['5784-10-09 19:25:25', 'the Hebrew calendar'],
  ['0001-01-01T00:00:00', "this is .NET's date for no date at all"],
  ['/Date(-62135596800000)/', "this is .NET's date for no date at all"],
  ['1601-01-01T00:00:00Z', "this is Windows' date for no date at all"],
  ['1600-12-31T18:23:24.0000000-06:36', "this is Windows' date for no date at all"],
  ['/Date(-11644473600000)/', "this is Windows' date for no date at all"],
  ['1899-12-30T00:00:00', "this is OLE Automation's date for no date at all"],
  ['9999-12-31T23:59:59.9999999', "this is .NET's last date for no date at all"],
  ['2345-06-15T19:25:25Z', 'its year must be from 1900 to 2199'],
  ['06/15/2024 19:25:25', 'this is a local form'],
  ['15.06.2024 19:25', 'this is a local form'],
  ['\u200e15/06/2024\u200e 07:25:25 p. m.', 'this is a local form'],
  ['Saturday, June 15, 2024 7:25:25 PM', 'this is a local form'],
  ['sábado, 15 de junio de 2024 19:25:25', 'this is a local form'],
  ['2024/06/15 19:25:25', 'separated by hyphens'],
  ['٢٠٢٤-06-15T19:25:25', 'its digits must be 0 to 9'],
  ['2024-06-15', 'the time is missing'],
  ['2024-06-15T19:25', 'its seconds are'],
  ['2024-06-15T24:00:00', 'the next day'],
  ['2016-12-31T23:59:60Z', 'leap second'],
  ['1718479525123', 'a number does not tell'],
  ['133629531251234567', 'a number does not tell'],
  ['20240615192525.123456-300', "this is WMI's form"],
  ['@{value=6/15/2024}', '-Depth 5'],
])('%j is refused with its likely cause', (text, cause) => {
  for (const zone of ['America/Bogota', 'Asia/Tokyo', 'UTC']) {
    expect(parseCreationDate(text, zone)).toBeUndefined();
  }
  expect(whyNoCreationDate(text)).toContain(cause);
});

test.each(['2024-02-30T00:00:00', '2024-06-15T19:25:25+99:00', 'x', ''])(
  '%j is told what is expected, without a guess',
  (text) => {
    expect(whyNoCreationDate(text)).toBe(
      'expected a date and time that exists, e.g. 2024-06-15T19:25:25-05:00',
    );
  },
);

test('the text itself is never quoted', () => {
  for (const text of ['secret', '2567-06-15 secret', '06/15/2024 secret', '@{secret}']) {
    expect(whyNoCreationDate(text)).not.toContain('secret');
  }
});
