import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenSlaBreaches } from '#shared/sla/breaches.ts';
import type { BreachQuery, BreachSearch, Position, StoredBreach } from '#shared/sla/search.ts';
import { plentyOfTime, someBreach } from './sla-breaches.ts';

export interface SlaStore {
  readonly open: OpenSlaBreaches;
  readonly search: BreachSearch;
  read(errorId: string): Promise<StoredBreach | undefined>;
}

/** What every store of breaches must do; run against the fake and the real one. */
export function describeSlaBreaches(name: string, createStore: () => Promise<SlaStore>): void {
  describe(name, () => {
    let store: SlaStore;
    /** A folder of each test's own: they share a table. */
    let folder: string;
    beforeEach(async () => {
      store = await createStore();
      folder = `C:\\of ${String(Math.trunc(performance.now() * 1e6))}`;
    });
    const record = (...breaches: ReturnType<typeof someBreach>[]) => {
      const invocation = store.open(plentyOfTime);
      return Promise.all(breaches.map((breach) => invocation.record(breach)));
    };

    describe('record', () => {
      it('keeps all that is known of a new file', async () => {
        const { reportedAt, ...file } = someBreach({
          folder,
          submissionId: '6f1c1f0e-6d0b-4f3c-9a53-2f8b7f0f6f10',
          submittedBy: 'sender',
        });

        expect(await record({ reportedAt, ...file })).toEqual(['recorded']);
        expect(await store.read(file.errorId)).toEqual({
          ...file,
          firstReportedAt: reportedAt,
          lastReportedAt: reportedAt,
        });
      });

      it('changes nothing but the latest report of a file that it knows', async () => {
        const first = someBreach({ folder });
        await record(first);
        const reportedAt = '2024-06-15T22:00:00.000Z';
        const again = { ...first, reportedAt, folder: 'c:/OTHER', sla: 90, filename: 'x' };

        expect(await record(again)).toEqual(['duplicate']);
        expect(await store.read(first.errorId)).toMatchObject({
          folder,
          sla: 60,
          filename: first.filename,
          firstReportedAt: first.reportedAt,
          lastReportedAt: reportedAt,
        });
      });

      it('never moves the latest report back when reports come out of order', async () => {
        const late = someBreach({ folder });
        await record(late);

        expect(await record({ ...late, reportedAt: '2024-06-15T20:30:00.000Z' })).toEqual([
          'duplicate',
        ]);
        expect(await store.read(late.errorId)).toMatchObject({ lastReportedAt: late.reportedAt });
      });

      it('counts a report that comes twice as a duplicate and keeps it as it is', async () => {
        const breach = someBreach({ folder });
        await record(breach);

        expect(await record(breach)).toEqual(['duplicate']);
      });

      it('records a file once that is reported three times at once, with its latest report', async () => {
        const breach = someBreach({ folder });
        const later = { ...breach, reportedAt: '2024-06-15T23:00:00.000Z' };

        expect(await record(breach, later, breach)).toEqual(['recorded', 'duplicate', 'duplicate']);
        expect(await store.read(breach.errorId)).toMatchObject({
          firstReportedAt: breach.reportedAt,
          lastReportedAt: later.reportedAt,
        });
      });

      it('moves the latest report of a known file by the latest of several at once', async () => {
        const breach = someBreach({ folder });
        await record(breach);
        const reports = ['22', '23', '21'].map((hour) => `2024-06-15T${hour}:00:00.000Z`);

        await record(...reports.map((reportedAt) => ({ ...breach, reportedAt })));

        expect(await store.read(breach.errorId)).toMatchObject({ lastReportedAt: reports[1] });
      });

      it('records the neighbours of a file that it can never take', async () => {
        const bad = someBreach({ folder: 'x'.repeat(2049) });
        const good = Array.from({ length: 30 }, () => someBreach({ folder }));
        const invocation = store.open(plentyOfTime);
        const neighbours = good.map((breach) => invocation.record(breach));

        await expect(invocation.record(bad)).rejects.toMatchObject({
          name: 'DependencyRefusedError',
          code: 'item-refused',
        });
        expect(await Promise.all(neighbours)).toEqual(good.map(() => 'recorded'));
        expect(await store.read(bad.errorId)).toBeUndefined();
      });

      it('records more files at once than fit into a call', async () => {
        const breaches = Array.from({ length: 60 }, () => someBreach({ folder }));

        expect(new Set(await record(...breaches))).toEqual(new Set(['recorded']));
        expect(await record(...breaches)).toEqual(breaches.map(() => 'duplicate'));
      });
    });

    describe('page', () => {
      const on = (day: string, hour: number, fields = {}) =>
        someBreach({
          folder,
          affectedDay: day,
          affectedDate: `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`,
          ...fields,
        });
      const pagesOf = async (query: Partial<BreachQuery>, limit: number) => {
        const whole = { days: undefined, folder: undefined, reportedSince: undefined, ...query };
        const pages: string[][] = [];
        let from: Position | undefined;
        do {
          const page = await store.search.page({
            query: whole,
            from,
            limit,
            deadline: plentyOfTime,
          });
          pages.push(page.breaches.map(({ errorId }) => errorId));
          from = page.next;
        } while (from !== undefined && pages.length < 50);
        return pages;
      };
      const idsOf = (...breaches: { errorId: string }[]) => breaches.map(({ errorId }) => errorId);

      it('finds a day newest first, and nothing of the days beside it', async () => {
        const [morning, noon] = [on('2021-03-02', 6), on('2021-03-02', 12)];
        await record(on('2021-03-01', 23), morning, noon, on('2021-03-03', 0));

        const days = { from: '2021-03-02', to: '2021-03-02' };
        expect((await pagesOf({ days }, 10)).flat()).toEqual(idsOf(noon, morning));
      });

      it('goes through the days of a range newest first, page by page, each file once', async () => {
        const days = ['2021-05-05', '2021-05-03', '2021-05-02'];
        const newestFirst = days.flatMap((day) => [on(day, 20), on(day, 10), on(day, 1)]);
        await record(...newestFirst.toReversed());

        for (const limit of [1, 2, 3, 4, 9, 10]) {
          const pages = await pagesOf({ days: { from: '2021-05-01', to: '2021-05-05' } }, limit);
          expect(pages.flat()).toEqual(idsOf(...newestFirst));
          expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(limit);
        }
      });

      it('finds a folder to the letter, newest first over all days', async () => {
        const [old, young] = [on('2020-01-01', 5), on('2023-01-01', 5)];
        await record(old, young, on('2022-01-01', 5, { folder: folder.toLowerCase() }));

        expect((await pagesOf({ folder }, 1)).flat()).toEqual(idsOf(young, old));
      });

      it('finds what is of the folder and of the days, by the day and not by the date', async () => {
        // Where the zone is west of UTC, a day's evening has the date of the next one.
        const evening = on('2021-07-02', 3, { affectedDay: '2021-07-01' });
        const noon = on('2021-07-01', 12);
        await record(evening, noon, on('2021-07-01', 3, { affectedDay: '2021-06-30' }));
        await record(on('2021-07-01', 13, { folder: `${folder} other` }));

        const days = { from: '2021-07-01', to: '2021-07-01' };
        expect((await pagesOf({ folder, days }, 1)).flat()).toEqual(idsOf(evening, noon));
      });

      it('finds only what was reported since, however many were not', async () => {
        const reportedSince = '2024-06-15T21:30:00.000Z';
        const stuck = [9, 7, 5].map((hour) => {
          return on('2021-08-01', hour, { reportedAt: '2024-06-15T22:00:00.000Z' });
        });
        const moved = Array.from({ length: 20 }, (_, hour) => on('2021-08-01', hour));
        await record(...stuck, ...moved);

        const days = { from: '2021-08-01', to: '2021-08-01' };
        const pages = await pagesOf({ folder, days, reportedSince }, 2);
        expect(pages.flat()).toEqual(idsOf(...stuck));
        expect((await pagesOf({ days, reportedSince }, 2)).flat()).toEqual(idsOf(...stuck));
      });

      it('pages through files of one instant without losing or repeating any', async () => {
        const breaches = Array.from({ length: 7 }, () => on('2021-09-01', 9));
        await record(...breaches);

        const pages = await pagesOf({ folder }, 2);
        expect(pages.flat().toSorted()).toEqual(idsOf(...breaches).toSorted());
      });

      it('finds nothing where nothing is', async () => {
        expect(await pagesOf({ folder: 'C:\\nowhere' }, 5)).toEqual([[]]);
        expect(await pagesOf({ days: { from: '1999-01-01', to: '1999-01-31' } }, 5)).toEqual([[]]);
      });
    });
  });
}
