import { describe, expect, it } from 'vitest';
import { parseCreationDate } from '#shared/sla/creation-date.ts';
import { errorIdOf } from '#shared/sla/error-id.ts';

const CREATED_AT = new Date('2024-06-16T00:25:25.123Z');
const idOf = (folder: string, filename = 'a.csv') => errorIdOf({ folder, filename }, CREATED_AT);
const idOfDate = (creationDate: string) =>
  errorIdOf(
    { folder: 'C:\\transit\\in', filename: 'a.csv' },
    parseCreationDate(creationDate, 'America/Chicago')!,
  );

describe('errorIdOf', () => {
  it('is 64 hexadecimal digits that stay the same for good', () => {
    // Of ["C:\\TRANSIT\\IN","A.CSV","2024-06-16T00:25:25.123Z"] as JSON. Another value would
    // store every known file once more.
    expect(idOf('C:\\transit\\in')).toBe(
      '4cefeb5aeca1eab4340b2f5838112e50c116f0b436eafe9bd0e9d75bdf0a3b3e',
    );
  });

  it.each([
    ['letters in the other case', 'c:\\TRANSIT\\In', 'A.CSV'],
    ['slashes', 'C:/transit/in', 'a.csv'],
    ['a separator at the end', 'C:\\transit\\in\\', 'a.csv'],
    ['several separators at the end', 'C:\\transit\\in\\/', 'a.csv'],
    ['several separators inside', 'C:\\\\transit\\\\\\in', 'a.csv'],
  ])('is the same with %s', (_, folder, filename) => {
    expect(idOf(folder, filename)).toBe(idOf('C:\\transit\\in'));
  });

  it.each([
    ['letters beyond ASCII in either case', 'C:\\Größe\\ñandú', 'C:\\GRÖßE\\ÑANDÚ'],
    ['a share in either spelling', '\\\\server\\share\\in', '//SERVER/share/in/'],
    ['a drive with and without separator', 'C:', 'c:\\'],
    ['separators in a POSIX path', '/data/in', '/data//in/'],
  ])('takes %s for the same', (_, one, other) => {
    expect(idOf(one)).toBe(idOf(other));
  });

  it.each([
    ['another folder', 'C:\\transit\\in2'],
    ['a blank', 'C:\\transit\\in '],
    ['a folder of the same letters, cut elsewhere', 'C:\\trans\\itin'],
    ['a share', '\\\\transit\\in'],
    ['a dot', 'C:\\transit\\.\\in'],
  ])('is another for %s', (_, folder) => {
    expect(idOf(folder)).not.toBe(idOf('C:\\transit\\in'));
  });

  it.each([
    ['a share and a root', '\\\\server\\in', '\\server\\in'],
    ['POSIX names in different case', '/data/in', '/data/In'],
    ['POSIX names with a backslash', '/data\\in', '/data/in'],
    ['dotless i and i', 'C:\\ı', 'C:\\i'],
    ['sharp s and two', 'C:\\ß', 'C:\\ss'],
    ['long s and s', 'C:\\ſ', 'C:\\s'],
    ['composed and decomposed letters', 'C:\\\u00e9', 'C:\\e\u0301'],
  ])('keeps %s apart', (_, one, other) => {
    expect(idOf(one)).not.toBe(idOf(other));
  });

  it('keeps POSIX file names in different case apart', () => {
    expect(idOf('/data', 'a.csv')).not.toBe(idOf('/data', 'A.csv'));
  });

  it('does not mix up where the folder ends and the name begins', () => {
    expect(idOf('C:\\a', 'b","c')).not.toBe(idOf('C:\\a","b', 'c'));
  });

  it.each([
    '2024-06-15T19:25:25.123-05:00',
    '2024-06-15 19:25:25.1234567-05:00',
    '2024-06-16T00:25:25.1239999Z',
    '2024-06-15T19:25:25.123',
    '/Date(1718497525123)/',
  ])('is the same for the instant written as %s', (creationDate) => {
    expect(idOfDate(creationDate)).toBe(idOf('C:\\transit\\in'));
  });

  it.each(['2024-06-15T19:25:25.124-05:00', '2024-06-15T19:25:25.123Z', '2024-06-15T19:25:26'])(
    'is another for the instant %s',
    (creationDate) => {
      expect(idOfDate(creationDate)).not.toBe(idOf('C:\\transit\\in'));
    },
  );
});
