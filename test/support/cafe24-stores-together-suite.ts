import { beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '#shared/grants/ports.ts';
import { beginRequest, someGrant, toSave, type Cafe24World } from './cafe24-world.ts';

/**
 * What a store of Cafe24 grants must do for the records of one batch, which come together: each has
 * its own answer. Run against the fake and the real one.
 */
export function describeTogether(name: string, createWorld: () => Promise<Cafe24World>): void {
  describe(name, () => {
    let world: Cafe24World;
    let mallNumber = 0;
    let mallId: string;
    beforeEach(async () => {
      world = await createWorld();
      mallNumber += 1;
      mallId = `set-${String(mallNumber)}-${String(Date.now())}`;
    });
    const commit = (attempt: Attempt, grant = someGrant(attempt.subject)) =>
      world.tokens.commit(attempt, toSave(grant, attempt), false);

    const malls = () => Array.from({ length: 10 }, (_, at) => `${mallId}-${String(at)}`);
    const beginAll = (codes: readonly (readonly [string, string])[]) =>
      Promise.all(codes.map(([mall, codeId]) => world.codes.begin(beginRequest(mall, codeId))));
    const attemptsOf = async (some: readonly string[]) => {
      const codeIds = await Promise.all(some.map((mall) => world.insertCode(mall)));
      const begun = await beginAll(some.map((mall, at) => [mall, codeIds[at]!]));
      return begun.map((it) => {
        if (it.kind !== 'begun') throw new Error(it.kind);
        return it.attempt;
      });
    };

    it('begin each its own attempt', async () => {
      const attempts = await attemptsOf(malls());
      expect(attempts.map(({ subject }) => subject)).toEqual(malls());
    });

    it('keep each its own answer to begin', async () => {
      const [held, old, passed, fresh] = malls() as [string, string, string, string];
      await attemptsOf([held]);
      const passedId = await world.insertCode(passed, 10);
      await world.insertCode(passed, 1);
      const begun = await beginAll([
        [held, await world.insertCode(held)],
        [old, await world.insertCode(old, 61)],
        [passed, passedId],
        [fresh, await world.insertCode(fresh)],
        [fresh, '999999999'],
        [fresh, await world.insertCode('another-mall')],
      ]);
      expect(begun).toMatchObject([
        { kind: 'held' },
        { kind: 'finished', finished: { outcome: 'expired' } },
        { kind: 'finished', finished: { outcome: 'superseded' } },
        { kind: 'begun', attempt: { subject: fresh } },
        { kind: 'no-such-code' },
        { kind: 'code-of-another-mall' },
      ]);
    });

    it('give the newer of two codes of one mall the lease', async () => {
      const older = await world.insertCode(mallId, 10);
      const newer = await world.insertCode(mallId, 1);
      const [first, second] = await beginAll([
        [mallId, older],
        [mallId, newer],
      ]);
      expect(first?.kind).not.toBe('begun');
      expect(second?.kind).toBe('begun');
    });

    it('store each its own code, and one that came twice once, as old as its first arrival', async () => {
      const arrivals = [
        { mallId, code: 'twice', receivedAt: new Date() },
        { mallId, code: 'other', receivedAt: new Date() },
        { mallId, code: 'twice', receivedAt: new Date(Date.now() - 61_000) },
      ];
      const [first, other, again] = await Promise.all(
        arrivals.map((arrival) => world.codes.store(arrival)),
      );
      expect(again).toBe(first);
      expect(other).not.toBe(first);
    });

    it('commit each its own grant', async () => {
      const attempts = await attemptsOf(malls());
      const grants = attempts.map(({ subject }) => someGrant(subject));
      const finished = await Promise.all(attempts.map((it, at) => commit(it, grants[at])));
      expect(finished.map(({ attemptId }) => attemptId)).toEqual(
        attempts.map(({ attemptId }) => attemptId),
      );
      for (const [at, mall] of malls().entries()) {
        const { accessToken, refreshToken } = grants[at]!;
        expect(await world.tokenRow(mall)).toMatchObject({ accessToken, refreshToken });
        expect(finished[at]?.unpublished?.detail).toMatchObject({ mallId: mall, version: 1 });
      }
    });

    it('commit one grant once, whoever settles it at the same time', async () => {
      const [attempt] = (await attemptsOf([mallId])) as [Attempt];
      const grant = someGrant(mallId);
      const finished = await Promise.all([commit(attempt, grant), commit(attempt, grant)]);
      expect(finished.map(({ outcome }) => outcome)).toEqual(['issued', 'issued']);
      expect(await world.tokenRow(mallId)).toMatchObject({ version: 1 });
    });

    it('end each its own way', async () => {
      const [first, second, third] = (await attemptsOf(malls().slice(0, 3))) as [
        Attempt,
        Attempt,
        Attempt,
      ];
      await commit(third);
      const closings = [
        [first, 'rejected'],
        [second, 'failed'],
        [third, 'abandoned'],
      ] as const;
      const finished = await Promise.all(
        closings.map(([{ attemptId }, outcome]) =>
          world.attempts.close(attemptId, { outcome, reason: 'test' }),
        ),
      );
      expect(finished.map(({ outcome }) => outcome)).toEqual(['rejected', 'failed', 'issued']);
    });

    it('are marked as published together, and only they', async () => {
      const malls3 = malls().slice(0, 3);
      const attempts = await attemptsOf(malls3);
      await Promise.all(attempts.map((it) => commit(it)));
      await Promise.all(
        attempts.slice(1).map(({ attemptId }) => world.attempts.markPublished(attemptId)),
      );
      const ends = await Promise.all(
        attempts.map(({ attemptId }) =>
          world.attempts.close(attemptId, { outcome: 'abandoned', reason: 'test' }),
        ),
      );
      expect(ends.map(({ unpublished }) => unpublished === undefined)).toEqual([false, true, true]);
    });
  });
}
