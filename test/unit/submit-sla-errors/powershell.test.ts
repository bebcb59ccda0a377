import { expect, test } from 'vitest';
import { readSubmission } from '#functions/submit-sla-errors/submission.ts';

const ZONE = 'America/Bogota';
const read = (body: unknown) => readSubmission(JSON.stringify(body), ZONE);

const CREATED = '2024-06-15T19:25:25';
const a = { filename: 'a.csv', creationDate: CREATED };
const b = { filename: 'b.csv', creationDate: CREATED };
const folder = { folder: 'C:\\transit\\in', sla: 60 };
const flat = { ...folder, ...a };

/** What Windows PowerShell 5.1 adds to lines of a file that Get-Content read. */
const LINE = {
  PSPath: 'C:\\folders.txt',
  PSParentPath: 'C:\\',
  PSChildName: 'folders.txt',
  PSDrive: { Name: 'C', Provider: {} },
  PSProvider: { Name: 'FileSystem' },
  ReadCount: 1,
};

test.each([
  ['files', { sla_error: [{ ...folder, files: { value: [a, b], Count: 2 } }] }],
  ['sla_error', { sla_error: { value: [{ ...folder, files: [a, b] }], Count: 1 } }],
  [
    'both, and arrays of one as their element',
    {
      sla_error: {
        value: { ...folder, files: { value: [a, b], Count: 2 } },
        Count: 1,
      },
    },
  ],
])('arrays that PowerShell 5.1 wrapped are read (%s)', (_, body) => {
  expect(read(body)).toEqual({ files: [flat, { ...folder, ...b }], problems: [] });
});

test.each([
  ['/Date(1718479525123)/', { DateTime: 'sábado, 15 de junio de 2024 14:25:25' }],
  ['/Date(1718479525123)/', { DisplayHint: 2, DateTime: 'Saturday, June 15, 2024 2:25:25 PM' }],
  ['/Date(1718479525123-0500)/', {}],
])('a wrapped date is read as its value, %s (%j)', (value, beside) => {
  const creationDate = { value, ...beside };

  expect(read({ sla_error: [{ ...folder, files: [{ ...a, creationDate }] }] })).toEqual({
    files: [{ ...flat, creationDate: value }],
    problems: [],
  });
});

test('a folder, a name and an SLA that PowerShell read from a file are their values', () => {
  const body = {
    sla_error: [
      {
        folder: { value: folder.folder, ...LINE },
        sla: { value: 60, ...LINE },
        files: [{ ...a, filename: { value: 'a.csv', ...LINE } }],
      },
    ],
  };

  expect(read(body)).toEqual({ files: [flat], problems: [] });
});

test.each([
  [
    'an object that says more',
    { value: 60, unit: 'hours' },
    'expected whole minutes from 20 to 1440',
  ],
  ['a value of another type', { value: [60] }, 'expected whole minutes from 20 to 1440'],
  ['an object without a value', { Count: 60 }, 'expected whole minutes from 20 to 1440'],
])('%s is no wrapping', (_, sla, message) => {
  expect(read({ sla_error: [{ ...folder, sla, files: [a] }] })).toEqual({
    files: [],
    problems: [{ path: 'sla_error[0].sla', message }],
  });
});
