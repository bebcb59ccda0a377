import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { convertToJson, invokeRestMethod, type Edition } from '#test/support/powershell.ts';
import { beginSlaStory, type SlaStory } from '#test/support/sla-story.ts';

// No PowerShell runs here: these are the bytes that its scripts send. What is asserted is that the
// stack takes them, not that the README's script is free of mistakes.

const EDITIONS: readonly Edition[] = ['5.1', '7'];
const { apiUrl } = inject('stack');

let story: SlaStory;
beforeAll(async () => {
  story = await beginSlaStory();
});
afterAll(() => story.end());

const JSON_UTF8 = 'application/json; charset=utf-8';
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf8 = (text: string) => Buffer.from(text, 'utf8');

interface Sending {
  readonly edition: Edition;
  readonly contentType?: string;
}

const submit = ({ edition, contentType = 'application/json' }: Sending, body: Buffer) =>
  invokeRestMethod(edition, {
    url: `${apiUrl}/file_sla_error`,
    token: story.token,
    contentType,
    body,
  });
const accepted = { status: 200, body: { message: 'Data successfully processed' } };

/** Get-ChildItem's CreationTime as `.ToString('o')` writes it. */
const CREATED = '2024-06-15T19:25:25.1234567-05:00';
const report = (folder: string, files: unknown) => ({
  sla_error: [{ folder, sla: 60, files }],
});

describe.each(EDITIONS)("the README's sender in PowerShell %s", (edition) => {
  it('signs in, then reports in UTF-8 what it found', async () => {
    const account = await story.newAccount();
    const signedIn = await invokeRestMethod(edition, {
      url: `${apiUrl}/auth`,
      contentType: 'application/json',
      body: latin1(convertToJson(edition, account)),
    });
    expect(signedIn).toMatchObject({ status: 200 });
    const { token } = signedIn.body as { readonly token: string };

    const folder = `${story.folder}\\${edition}\\łódź & Søns 'in'`;
    const files = ['ążź.csv', 'b.csv'].map((filename) => ({ creationDate: CREATED, filename }));
    const answer = await invokeRestMethod(edition, {
      url: `${apiUrl}/file_sla_error`,
      token,
      contentType: JSON_UTF8,
      body: utf8(convertToJson(edition, report(folder, files))),
    });
    expect(answer).toMatchObject({ ...accepted, body: { files: 2 } });
    const items = await story.waitForItems(2, folder);
    expect(items.map(({ filename }) => filename).sort()).toEqual(['b.csv', 'ążź.csv']);
    expect(items[0]).toMatchObject({ folder, sla: 60, affectedDate: '2024-06-16T01:25:25.123Z' });
  });
});

describe('an older script', () => {
  it('in 5.1 sends its text as Latin-1, dates as /Date(…)/ and arrays of one as their element', async () => {
    const folder = `${story.folder}\\año`;
    const file = { creationDate: '/Date(1718497525123)/', filename: 'señal.csv' };
    const body = { sla_error: { folder, sla: 60, files: file } };
    const json = convertToJson('5.1', body);
    expect(json).toContain(String.raw`"\/Date(1718497525123)\/"`);
    expect(await submit({ edition: '5.1' }, latin1(json))).toMatchObject(accepted);
    expect(await story.waitForItems(1, folder)).toMatchObject([
      { folder, filename: 'señal.csv', affectedDate: '2024-06-16T01:25:25.123Z' },
    ]);
  });

  it.each(EDITIONS)('in %s may send a file that begins with a byte order mark', async (edition) => {
    const folder = `${story.folder}\\mark ${edition}`;
    const json = convertToJson(edition, report(folder, [{ filename: 'ł', creationDate: CREATED }]));
    const answer = await submit({ edition, contentType: JSON_UTF8 }, utf8(`\uFEFF${json}`));
    expect(answer).toMatchObject(accepted);
    expect(await story.waitForItems(1, folder)).toMatchObject([{ folder, filename: 'ł' }]);
  });

  it('in 5.1 may wrap arrays and dates, and find nothing in a folder', async () => {
    const folder = `${story.folder}\\wrapped`;
    const creationDate = {
      value: '/Date(1718497525123)/',
      DisplayHint: 2,
      DateTime: 'Saturday, June 15, 2024 7:25:25 PM',
    };
    const files = {
      value: ['a.csv', 'b.csv'].map((filename) => ({ filename, creationDate })),
      Count: 2,
    };
    const body = {
      sla_error: {
        value: [
          { folder, sla: 60, files },
          { folder: `${folder}\\empty`, sla: 60, files: {} },
        ],
        Count: 2,
      },
    };
    const answer = await submit({ edition: '5.1' }, latin1(convertToJson('5.1', body)));
    expect(answer).toMatchObject({ ...accepted, body: { files: 2 } });
    const items = await story.waitForItems(2, folder);
    expect(items.map(({ affectedDate }) => affectedDate)).toEqual([
      '2024-06-16T01:25:25.123Z',
      '2024-06-16T01:25:25.123Z',
    ]);
  });

  it.each([
    ['with its mark', '\uFEFF'],
    ['without it', ''],
  ])('may send UTF-16 %s', async (name, mark) => {
    const folder = `${story.folder}\\utf-16 ${name}`;
    const json = convertToJson('5.1', report(folder, [{ filename: 'ł', creationDate: CREATED }]));
    const contentType = 'application/json; charset=utf-16';
    const body = Buffer.from(mark + json, 'utf16le');
    expect(await submit({ edition: '5.1', contentType }, body)).toMatchObject(accepted);
    expect(await story.waitForItems(1, folder)).toMatchObject([{ folder, filename: 'ł' }]);
  });

  it.each<[Edition, string]>([
    ['5.1', '@{creationDate=2024-06-15T19:25:25.1234567-05:00; filename=a.csv}'],
    ['7', '@{filename=a.csv; creationDate=2024-06-15T19:25:25.1234567-05:00}'],
    ['7', 'System.Collections.Hashtable'],
  ])('without -Depth in %s is told so (%s)', async (edition, text) => {
    for (const files of [[text, text], text]) {
      const body = convertToJson(edition, report(`${story.folder}\\flat`, files));
      const answer = await submit({ edition }, latin1(body));
      expect(answer.status).toBe(400);
      const { problems } = answer.body as { readonly problems: readonly { message: string }[] };
      expect(problems[0]).toMatchObject({
        path: expect.stringMatching(/^sla_error\[0\]\.files/) as string,
      });
      expect(problems[0]?.message).toContain('-Depth');
    }
  });
});
