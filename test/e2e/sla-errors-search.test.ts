import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { StoredBreach } from '#shared/sla/search.ts';
import { beginSlaStory, type SlaStory } from '#test/support/sla-story.ts';

const DAY_MS = 86_400_000;

/** Days of the last century that no other run has files of. */
const FIRST_DAY_MS = Date.UTC(1901, 0, 1) + (Math.floor(Date.now() / 1_000) % 36_000) * DAY_MS;
const day = (number: number) => new Date(FIRST_DAY_MS + number * DAY_MS).toISOString().slice(0, 10);
const HOURS = Array.from({ length: 6 }, (_, index) => `${String(index + 10)}:00:00`);
const FILES_A_FOLDER = 18;

let story: SlaStory;
let folders: readonly [string, string];
beforeAll(async () => {
  story = await beginSlaStory();
  folders = [`${story.folder}\\in`, `${story.folder}\\out`];
  const sla_error = folders.map((folder) => ({
    folder,
    sla: 60,
    files: [0, 1, 2].flatMap((number) =>
      HOURS.map((hour) => ({
        filename: `${String(number)}-${hour}.csv`,
        creationDate: `${day(number)} ${hour}`,
      })),
    ),
  }));
  expect(await story.submit({ sla_error })).toMatchObject({ status: 200 });
  await Promise.all(folders.map((folder) => story.waitForItems(FILES_A_FOLDER, folder)));
});
afterAll(() => story.end());

/** Every page of a search. */
async function all(query: Readonly<Record<string, string>>) {
  const files: StoredBreach[] = [];
  const sizes: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await story.find({ ...query, ...(cursor !== undefined && { cursor }) });
    expect(page.status).toBe(200);
    files.push(...page.body.files);
    sizes.push(page.body.files.length);
    cursor = page.body.cursor;
  } while (cursor !== undefined);
  return { files, sizes };
}

const affected = (files: readonly StoredBreach[]) => files.map((file) => file.affectedDate);
const newestFirst = (dates: readonly string[]) => [...dates].sort().reverse();

describe('a search', () => {
  it('by day finds all files of the day in every folder, newest first', async () => {
    const { files } = await all({ date: day(1) });
    expect(files).toHaveLength(2 * HOURS.length);
    expect(new Set(files.map(({ folder }) => folder))).toEqual(new Set(folders));
    expect(new Set(files.map(({ affectedDay }) => affectedDay))).toEqual(new Set([day(1)]));
    expect(affected(files)).toEqual(newestFirst(affected(files)));
  });

  it('by a range of days finds those of the first and of the last', async () => {
    const { files } = await all({ from: day(0), to: day(1) });
    expect(files).toHaveLength(4 * HOURS.length);
    expect(affected(files)).toEqual(newestFirst(affected(files)));
  });

  it('by folder finds all of it, and nothing of another', async () => {
    const [folder] = folders;
    const { files } = await all({ folder });
    expect(files).toHaveLength(FILES_A_FOLDER);
    expect(new Set(files.map((file) => file.folder))).toEqual(new Set([folder]));
    expect(affected(files)).toEqual(newestFirst(affected(files)));
  });

  it('by both finds what meets both', async () => {
    const [, folder] = folders;
    const { files } = await all({ folder, date: day(2) });
    expect(files).toHaveLength(HOURS.length);
    expect(files.map((file) => file.filename)).toEqual(
      HOURS.map((hour) => `2-${hour}.csv`).reverse(),
    );
  });

  it.each([{ limit: '5' }, { limit: '5', open: 'true' }])(
    'comes in pages, each file once (%o)',
    async (paging) => {
      const [folder] = folders;
      for (const query of [{ folder }, { from: day(0), to: day(2) }]) {
        const whole = await all(query);
        const paged = await all({ ...query, ...paging });
        expect(paged.files).toEqual(whole.files);
        expect(paged.sizes.length).toBeGreaterThan(2);
        expect(Math.max(...paged.sizes)).toBeLessThanOrEqual(5);
      }
    },
  );

  it('for what is still open leaves out what nobody has reported for two hours', async () => {
    const folder = `${story.folder}\\stuck`;
    const report = (filename: string, hoursAgo: number) =>
      story.publishAs('SlaErrorSubmitted', {
        submittedAt: new Date(Date.now() - hoursAgo * 3_600_000).toISOString(),
        files: [{ folder, filename, sla: 60, creationDate: `${day(0)} 10:00:00` }],
      });
    await report('moved.csv', 3);
    await report('stuck.csv', 3);
    await story.waitForItems(2, folder);
    await report('stuck.csv', 1);
    await story.isEmpty(inject('stack').recordSlaErrors.queueUrl);
    const names = async (query: Readonly<Record<string, string>>) =>
      (await all({ folder, ...query })).files.map(({ filename }) => filename).sort();
    expect(await names({})).toEqual(['moved.csv', 'stuck.csv']);
    expect(await names({ open: 'true' })).toEqual(['stuck.csv']);
    expect(await names({ open: 'true', date: day(0) })).toEqual(['stuck.csv']);
  });

  it('that is wrong gets 400 with the reason, and a cursor serves its own search only', async () => {
    const [folder] = folders;
    const { body } = await story.find({ folder, limit: '1' });
    const wrong = [
      [{}, 'query'],
      [{ date: '2024-02-30' }, 'date'],
      [{ from: '2024-06-15' }, 'to'],
      [{ from: '2024-06-15', to: '2024-07-16' }, 'to'],
      [{ folder, limit: '201' }, 'limit'],
      [{ folder, opne: 'true' }, 'query'],
      [{ folder, cursor: 'made-up' }, 'cursor'],
      [{ date: '2024-06-15', cursor: body.cursor ?? '' }, 'cursor'],
    ] as const;
    for (const [query, path] of wrong) {
      const answer = await story.find(query);
      expect(answer, JSON.stringify(query)).toMatchObject({
        status: 400,
        body: { problems: [{ path }] },
      });
    }
  });
});
