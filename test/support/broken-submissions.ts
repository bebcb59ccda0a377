import type { Problem } from '#shared/http/errors.ts';

const FILE = { filename: 'a.csv', creationDate: '2024-06-15T19:25:25' };
const ENTRY = { folder: 'C:\\transit\\in', sla: 60, files: [FILE] };

const entry = (changes: object) => ({ sla_error: [{ ...ENTRY, ...changes }] });
const file = (changes: object) => entry({ files: [{ ...FILE, ...changes }] });

const DEPTH = ', got text: in PowerShell, call ConvertTo-Json with -Depth 5';
const BODY = 'expected an object with sla_error';
const ENTRIES = 'expected at least one folder with its files';
const AN_ENTRY = 'expected an object with folder, sla and files';
const FILES = 'expected at least one file';
const A_FILE = 'expected an object with filename and creationDate';
const MINUTES = 'expected whole minutes from 20 to 1440';
const DATE = 'expected a date and time that exists, e.g. 2024-06-15T19:25:25-05:00';

const LOCAL_FORM =
  "; this is a local form, in which day and month can not be told apart: in PowerShell, send $file.CreationTime.ToString('o')";

const F = 'sla_error[0].files';

const at = (path: string, message: string): Problem => ({ path, message });

/** What is wrong, the body (text is sent as it is), and every problem that the sender is told. */
export const BROKEN_SUBMISSIONS: readonly (readonly [string, unknown, ...Problem[]])[] = [
  ['no body', '', at('body', 'expected JSON')],
  ['cut off', '{"sla_error":[', at('body', 'expected JSON')],
  ['a form', 'folder=C%3A&sla=60', at('body', 'expected JSON')],
  ['null', null, at('body', BODY)],
  ['an array', [ENTRY], at('body', BODY)],
  ['JSON in JSON', JSON.stringify(JSON.stringify(entry({}))), at('body', BODY + DEPTH)],
  ['no sla_error', {}, at('sla_error', ENTRIES)],
  ['sla_error null', { sla_error: null }, at('sla_error', ENTRIES)],
  ['sla_error empty', { sla_error: [] }, at('sla_error', ENTRIES)],
  ['sla_error cut', { sla_error: '@{folder=C:\\in; sla=60}' }, at('sla_error', ENTRIES + DEPTH)],
  ['sla_error cut to a type', { sla_error: 'System.Object[]' }, at('sla_error', ENTRIES + DEPTH)],
  ['an entry cut', { sla_error: ['@{sla=60}'] }, at('sla_error[0]', AN_ENTRY + DEPTH)],
  ['an entry null', { sla_error: [ENTRY, null] }, at('sla_error[1]', AN_ENTRY)],
  ['an entry nested', { sla_error: [[ENTRY]] }, at('sla_error[0]', AN_ENTRY)],
  ['no folder', entry({ folder: undefined }), at('sla_error[0].folder', 'expected a folder: text')],
  [
    'a blank folder',
    entry({ folder: ' \t' }),
    at('sla_error[0].folder', 'expected a folder, got nothing but blanks'),
  ],
  [
    'a long folder',
    entry({ folder: 'ñ'.repeat(1_025) }),
    at('sla_error[0].folder', 'expected a folder of at most 2048 bytes in UTF-8'),
  ],
  ['no sla', entry({ sla: undefined }), at('sla_error[0].sla', MINUTES)],
  ['sla as text', entry({ sla: '60' }), at('sla_error[0].sla', MINUTES)],
  ['sla in parts', entry({ sla: 60.5 }), at('sla_error[0].sla', MINUTES)],
  ['sla too short', entry({ sla: 19 }), at('sla_error[0].sla', MINUTES)],
  ['sla too long', entry({ sla: 1441 }), at('sla_error[0].sla', MINUTES)],
  ['sla half a minute too short', entry({ sla: 0.5 }), at('sla_error[0].sla', MINUTES)],
  ['no files', entry({ files: undefined }), at(F, FILES)],
  ['files null', entry({ files: null }), at(F, FILES)],
  ['files empty', entry({ files: [] }), at(F, FILES)],
  ['files cut', entry({ files: 'System.Collections.Hashtable' }), at(F, FILES + DEPTH)],
  [
    'a file as text',
    entry({ files: [FILE, '@{filename=b.csv; creationDate=06/15/2024 19:25:25}'] }),
    at(`${F}[1]`, A_FILE + DEPTH),
  ],
  ['a file as number', entry({ files: [7] }), at(`${F}[0]`, A_FILE)],
  [
    'no filename',
    file({ filename: undefined }),
    at(`${F}[0].filename`, 'expected a file name: text'),
  ],
  [
    'filename no text',
    file({ filename: {} }),
    at(`${F}[0].filename`, 'expected a file name: text'),
  ],
  [
    'filename blank',
    file({ filename: '' }),
    at(`${F}[0].filename`, 'expected a file name, got nothing but blanks'),
  ],
  ['30 February', file({ creationDate: '2024-02-30T10:00:00' }), at(`${F}[0].creationDate`, DATE)],
  [
    'a local date',
    file({ creationDate: '15/06/2024 19:25' }),
    at(`${F}[0].creationDate`, DATE + LOCAL_FORM),
  ],
  [
    'a date no text',
    file({ creationDate: 1718479525123 }),
    at(`${F}[0].creationDate`, 'expected a date and time: text'),
  ],
  [
    'everything at once',
    {
      sla_error: [
        {
          folder: '',
          sla: 5,
          files: [{ filename: 'a.csv' }, FILE, { ...FILE, creationDate: 'x' }],
        },
        ENTRY,
        { folder: 'C:\\out', files: '@{filename=a}' },
      ],
    },
    at('sla_error[0].folder', 'expected a folder, got nothing but blanks'),
    at('sla_error[0].sla', MINUTES),
    at(`${F}[0].creationDate`, 'expected a date and time: text'),
    at(`${F}[2].creationDate`, DATE),
    at('sla_error[2].sla', MINUTES),
    at('sla_error[2].files', FILES + DEPTH),
  ],
];
