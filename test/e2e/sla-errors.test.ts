import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObservedEvent } from '#infra/local/event-observer.ts';
import { eventually } from '#infra/local/eventually.ts';
import { beginSlaStory, type SlaStory } from '#test/support/sla-story.ts';

let story: SlaStory;
beforeAll(async () => {
  story = await beginSlaStory();
});
afterAll(() => story.end());

interface Accepted {
  readonly message: string;
  readonly submissionId: string;
  readonly files: number;
}

const folderOf = (name: string) => `${story.folder}\\${name}`;
const filesNamed = (names: readonly string[], creationDate = '2024-06-15T19:25:25-05:00') =>
  names.map((filename) => ({ filename, creationDate }));
const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index)}.csv`);

/** Waits until all files of a submission are told as recorded; each event counts once. */
const countsOf = (submissionId: string, files: number) =>
  eventually(
    async () => {
      const told = await story.recorded(submissionId);
      const events = new Map(told.map(({ detail }) => [eventIdOf(detail), detail]));
      const sum = (name: string) =>
        [...events.values()].reduce((total, detail) => total + Number(detail[name]), 0);
      const [recorded, duplicates, refused] = ['recorded', 'duplicates', 'refused'].map(sum);
      const counts = { recorded, duplicates, refused };
      const counted = Object.values(counts).reduce<number>((total, it = 0) => total + it, 0);
      return counted >= files ? counts : undefined;
    },
    `SlaErrorsRecorded of ${submissionId}`,
    150_000,
  );
const eventIdOf = ({ metadata }: ObservedEvent['detail']) =>
  (metadata as { readonly eventId: string }).eventId;

/**
 * A call that DynamoDB did but did not answer in time is repeated, and its files count as
 * duplicates then: on a busy machine the table, not the counts, says what is new.
 */
const allTold = async (submissions: readonly Accepted[]) => {
  for (const { submissionId, files } of submissions) {
    const { recorded = 0, duplicates = 0, refused } = await countsOf(submissionId, files);
    expect([recorded + duplicates, refused]).toEqual([files, 0]);
  }
};

async function accepted(body: object | string, token?: string): Promise<Accepted> {
  const answer = await story.submit(body, token);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as Accepted;
}

describe('a sender who signed in', () => {
  it('submits a file, which becomes an item and is found by its day and by its folder', async () => {
    const account = await story.newAccount();
    const signedIn = await story.call('POST /auth', { body: account });
    expect(signedIn).toMatchObject({
      status: 200,
      body: { token: expect.any(String) as string, tokenType: 'Bearer', expiresIn: 3600 },
    });
    const token = await story.signIn(account);
    const folder = folderOf('in');
    const file = { filename: 'a.csv', creationDate: '2024-06-15T19:25:25.1234567-05:00' };
    const body = await accepted({ sla_error: [{ folder, sla: 60, files: [file] }] }, token);
    expect(body).toEqual({
      message: 'Data successfully processed',
      submissionId: expect.any(String) as string,
      files: 1,
    });

    const [item] = await story.waitForItems(1, folder);
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      readonly sub: string;
    };
    expect(item).toMatchObject({
      folder,
      sla: 60,
      ...file,
      affectedDate: '2024-06-16T01:25:25.123Z',
      affectedDay: '2024-06-15',
      submissionId: body.submissionId,
      submittedBy: sub,
    });
    expect(item?.lastReportedAt).toBe(item?.firstReportedAt);
    expect(await countsOf(body.submissionId, 1)).toEqual({
      recorded: 1,
      duplicates: 0,
      refused: 0,
    });

    const byFolder = await story.find({ folder });
    expect(byFolder).toMatchObject({ status: 200, body: { files: [item] } });
    const both = await story.find({ folder, date: '2024-06-15', open: 'true' });
    expect(both.body.files).toEqual(byFolder.body.files);
    const otherDay = await story.find({ folder, date: '2024-06-16' });
    expect(otherDay.body).toEqual({ files: [] });
  });

  it('sends the same files twenty times in three date formats, and each is one item', async () => {
    const folder = folderOf('again');
    const names = ['a.csv', 'b.csv', 'ñ.csv'];
    // One instant; the second has no offset and is read in the zone of the senders (UTC-6).
    const formats = ['2024-06-15T19:25:25-05:00', '2024-06-15 18:25:25', '/Date(1718497525000)/'];
    const submissions: Accepted[] = [];
    for (let round = 0; round < 20; round++) {
      const files = filesNamed(names, formats[round % 3]);
      submissions.push(await accepted({ sla_error: [{ folder, sla: 60, files }] }));
    }
    await allTold(submissions);
    const items = await story.items(folder);
    expect(items.map(({ filename }) => filename).sort()).toEqual([...names].sort());
    for (const { firstReportedAt = '', lastReportedAt = '' } of items) {
      expect(lastReportedAt > firstReportedAt).toBe(true);
    }
  });

  it('sends 5,000 files in one submission, and each is one item', async () => {
    const folder = folderOf('many');
    const files = filesNamed(numbered('f', 5_000));
    const beganMs = performance.now();
    const submission = await accepted({ sla_error: [{ folder, sla: 60, files }] });
    expect(submission.files).toBe(5_000);
    const answeredMs = performance.now() - beganMs;
    await allTold([submission]);
    const recordedMs = performance.now() - beganMs;
    console.info(
      `5,000 files: answered after ${answeredMs.toFixed(0)} ms, recorded after ${recordedMs.toFixed(0)} ms`,
    );
    const items = await story.items(folder);
    expect(new Set(items.map(({ filename }) => filename)).size).toBe(5_000);
    expect(items).toHaveLength(5_000);
  }, 180_000);

  it('is one of ten who send at once, and what they have in common is one item', async () => {
    const folder = folderOf('ten');
    const submissions = await Promise.all(
      numbered('sender', 10).map(async (name) => {
        const token = await story.signIn(await story.newAccount());
        const files = filesNamed([...numbered('common', 20), ...numbered(name, 20)]);
        return accepted({ sla_error: [{ folder, sla: 60, files }] }, token);
      }),
    );
    await allTold(submissions);
    const items = await story.items(folder);
    expect(items).toHaveLength(220);
    expect(new Set(items.map(({ submittedBy }) => submittedBy)).size).toBe(10);
  });
});

describe('a PowerShell sender', () => {
  it('may send the only element of an array as it is', async () => {
    const folder = folderOf('bare');
    const [files] = filesNamed(['a.csv']);
    await accepted({ sla_error: { folder, sla: 20, files } });
    expect(await story.waitForItems(1, folder)).toMatchObject([{ filename: 'a.csv', sla: 20 }]);
  });

  it('may send Latin-1', async () => {
    const folder = folderOf('año');
    const body = { sla_error: [{ folder, sla: 1440, files: filesNamed(['señal.csv']) }] };
    await accepted(Buffer.from(JSON.stringify(body), 'latin1'));
    expect(await story.waitForItems(1, folder)).toMatchObject([{ folder, filename: 'señal.csv' }]);
  });
});

describe('secrets', () => {
  it('stand in no log line', async () => {
    expect(await story.leaks()).toEqual([]);
  });
});
