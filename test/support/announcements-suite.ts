import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CodeAnnouncements } from '#shared/grants/announcements.ts';

interface World {
  readonly announcements: CodeAnnouncements;
  /** Other software inserts a code. @returns its id. */
  insertCode(mallId: string, ageSeconds?: number): string | Promise<string>;
  setStatus(codeId: string, status: 'exchanged' | 'rejected'): void | Promise<void>;
  /** From now on all of the store's time is so much later. */
  shiftClock(seconds: number): void | Promise<void>;
}

/** What every store of announcements must do; run against the fake and the real one. */
export function describeAnnouncements(
  name: string,
  createWorld: () => World | Promise<World>,
): void {
  describe(name, () => {
    let world: World;
    let mallId: string;
    beforeEach(async () => {
      world = await createWorld();
      mallId = `mall-${randomUUID().slice(0, 8)}`;
    });
    const codeIds = async (limit = 100) =>
      (await world.announcements.markWaiting([mallId], limit)).map(({ codeId }) => codeId);
    const newest = () => world.announcements.markNewest(mallId);

    describe('markWaiting', () => {
      it('marks what waits, the oldest first, as many as it may', async () => {
        const young = await world.insertCode(mallId, 1);
        const old = await world.insertCode(mallId, 30);
        expect(await codeIds(1)).toEqual([old]);
        expect(await codeIds()).toEqual([young]);
        expect(await codeIds()).toEqual([]);
      });

      it('marks each code for one of ten that look at once', async () => {
        const inserted: string[] = [];
        for (let count = 0; count < 20; count++) inserted.push(await world.insertCode(mallId));
        const looks = await Promise.all(Array.from({ length: 10 }, () => codeIds()));
        expect(looks.flat().sort()).toEqual([...inserted].sort());
      });

      it('leaves alone codes of malls that it was not given', async () => {
        await world.insertCode(mallId);
        expect(await world.announcements.markWaiting([`other-${mallId}`], 100)).toEqual([]);
      });

      it('leaves alone what is over 60 s old, and what has moved on', async () => {
        await world.insertCode(mallId, 61);
        await world.setStatus(await world.insertCode(mallId), 'exchanged');
        expect(await codeIds()).toEqual([]);
      });

      it('marks a code again when its mark ended without a confirmation, under the same event id', async () => {
        await world.insertCode(mallId);
        const first = await world.announcements.markWaiting([mallId], 100);
        await world.shiftClock(14);
        expect(await codeIds()).toEqual([]);
        await world.shiftClock(16);
        expect(await world.announcements.markWaiting([mallId], 100)).toEqual(first);
      });

      it('never marks again what was confirmed', async () => {
        await world.insertCode(mallId);
        await world.announcements.confirm(await codeIds());
        await world.shiftClock(16);
        expect(await codeIds()).toEqual([]);
        expect(await newest()).toMatchObject({ state: 'announced' });
      });
    });

    describe('markNewest', () => {
      it('marks the newest code of the mall, and no other', async () => {
        const old = await world.insertCode(mallId, 30);
        const young = await world.insertCode(mallId, 1);
        expect(await newest()).toMatchObject({ state: 'marked', codeId: young, mallId });
        expect(await codeIds()).toEqual([old]);
      });

      it('marks for one of ten that ask at once, and tells the others its event id', async () => {
        await world.insertCode(mallId);
        const answers = await Promise.all(Array.from({ length: 10 }, newest));
        expect(answers.map((it) => it?.state).sort()).toEqual([
          ...Array.from({ length: 9 }, () => 'announced'),
          'marked',
        ]);
        expect(new Set(answers.map((it) => it?.eventId)).size).toBe(1);
        expect(answers[0]?.eventId).toEqual(expect.any(String));
      });

      it('finds none where the mall has none', async () => {
        expect(await newest()).toBeUndefined();
      });

      it('says what became of the code when there is nothing to announce', async () => {
        const codeId = await world.insertCode(mallId, 61);
        expect(await newest()).toEqual({ state: 'expired', codeId, mallId, eventId: undefined });
        await world.setStatus(codeId, 'rejected');
        expect(await newest()).toMatchObject({ state: 'rejected' });
        await world.setStatus(await world.insertCode(mallId), 'exchanged');
        expect(await newest()).toMatchObject({ state: 'exchanged' });
      });
    });
  });
}
