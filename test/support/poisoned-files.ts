const FILE = { filename: 'a.csv', creationDate: '2024-06-15T19:25:25-05:00' };

/** One of each sort of what can be wrong with one file. */
export const POISONED_FILES: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['text', '@{filename=b.csv}'],
  ['a number', 7],
  ['an array', [FILE]],
  ['no name', { ...FILE, filename: undefined }],
  ['a name that is a number', { ...FILE, filename: 3 }],
  ['a blank name', { ...FILE, filename: ' ' }],
  ['a name longer than any', { ...FILE, filename: 'x'.repeat(1_025) }],
  ['a name with half a surrogate pair', { ...FILE, filename: 'job \ud83d' }],
  ['a name with U+0000', { ...FILE, filename: 'run-\u0000' }],
  ['no date', { ...FILE, creationDate: undefined }],
  ['a date that no calendar has', { ...FILE, creationDate: '2024-02-30T10:00:00' }],
  ['a date of another calendar', { ...FILE, creationDate: '2567-06-15 19:25:25' }],
  ['a date as number', { ...FILE, creationDate: 1718479525123 }],
  ['a date that is too long', { ...FILE, creationDate: `2024${' '.repeat(80)}` }],
];
