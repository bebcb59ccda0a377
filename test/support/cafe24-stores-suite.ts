import { beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '#shared/grants/ports.ts';
import { beginRequest, someGrant, toSave, type Cafe24World } from './cafe24-world.ts';

/**
 * What every store of Cafe24 grants must do; run against the fake and the real one, so that the
 * fake can't drift.
 */
export function describeCafe24Stores(name: string, createWorld: () => Promise<Cafe24World>): void {
  describe(name, () => {
    let world: Cafe24World;
    let mallNumber = 0;
    let mallId: string;
    beforeEach(async () => {
      world = await createWorld();
      mallNumber += 1;
      mallId = `mall-${String(mallNumber)}-${String(Date.now())}`;
    });

    const begin = async (codeId: string): Promise<Attempt> => {
      const begun = await world.codes.begin(beginRequest(mallId, codeId));
      if (begun.kind !== 'begun') throw new Error(`expected a begun attempt, got ${begun.kind}`);
      return begun.attempt;
    };
    const commit = (attempt: Attempt, grant = someGrant(mallId)) =>
      world.tokens.commit(attempt, toSave(grant, attempt), false);
    const exchange = async () => {
      const attempt = await begin(await world.insertCode(mallId));
      return { attempt, finished: await commit(attempt) };
    };

    describe('begin', () => {
      it('hands out the code and counts a mall without a row as version 0', async () => {
        const codeId = await world.insertCode(mallId);
        const begun = await world.codes.begin(beginRequest(mallId, codeId));
        expect(begun).toMatchObject({
          kind: 'begun',
          attempt: { subject: mallId, baseVersion: 0 },
          code: expect.stringContaining('code-') as string,
        });
        expect(await world.codeStatus(codeId)).toBe('exchanging');
      });

      it('reads the version of the row that is there', async () => {
        await exchange();
        expect(await begin(await world.insertCode(mallId))).toMatchObject({ baseVersion: 1 });
      });

      it('keeps a second attempt away while the lease of the first lives', async () => {
        const codeId = await world.insertCode(mallId);
        await begin(codeId);
        const second = await world.codes.begin(beginRequest(mallId, codeId));
        expect(second).toEqual({ kind: 'held' });
      });

      it.each(['expired', 'rejected'])(
        'says that a code is over which came to us %s',
        async (status) => {
          const codeId = await world.insertCode(mallId);
          await world.setCodeStatus(codeId, status);
          const begun = await world.codes.begin(beginRequest(mallId, codeId));
          expect(begun).toEqual({ kind: 'over', status });
        },
      );

      it('points at the attempt that a dead process left behind', async () => {
        const codeId = await world.insertCode(mallId);
        const dead = await begin(codeId);
        await world.expireLease(dead.attemptId);
        const begun = await world.codes.begin(beginRequest(mallId, codeId));
        expect(begun).toEqual({ kind: 'left-behind', attempt: dead });
      });

      it('closes a code of more than 60 s as expired and keeps the event for a mall without a row', async () => {
        const codeId = await world.insertCode(mallId, 61);
        const begun = await world.codes.begin(beginRequest(mallId, codeId));
        expect(begun).toMatchObject({
          kind: 'finished',
          finished: {
            outcome: 'expired',
            unpublished: {
              detailType: 'ReauthorizationRequired',
              detail: { mallId, version: 0 },
            },
          },
        });
        expect(await world.codeStatus(codeId)).toBe('expired');
      });

      it('still redeems a code of 58 s', async () => {
        await begin(await world.insertCode(mallId, 58));
      });

      it('has nothing to tell of an expired code while the mall has a living grant', async () => {
        await exchange();
        await world.ageCodes(mallId, 120);
        const codeId = await world.insertCode(mallId, 61);
        const begun = await world.codes.begin(beginRequest(mallId, codeId));
        expect(begun).toMatchObject({
          kind: 'finished',
          finished: { outcome: 'expired', unpublished: undefined },
        });
      });

      it('passes over a code that a newer one of the mall has superseded', async () => {
        const older = await world.insertCode(mallId, 10);
        const newer = await world.insertCode(mallId, 1);
        const begun = await world.codes.begin(beginRequest(mallId, older));
        expect(begun).toMatchObject({
          kind: 'finished',
          finished: { outcome: 'superseded', unpublished: undefined },
        });
        await begin(newer);
      });

      it('does not know a code that is not stored', async () => {
        const begun = await world.codes.begin(beginRequest(mallId, '999999999'));
        expect(begun).toEqual({ kind: 'no-such-code' });
      });

      it('refuses a code of another mall', async () => {
        const codeId = await world.insertCode('another-mall');
        const begun = await world.codes.begin(beginRequest(mallId, codeId));
        expect(begun).toEqual({ kind: 'code-of-another-mall' });
      });
    });

    describe('store', () => {
      it('gives a code that arrives twice one row, with the age of its first arrival', async () => {
        const code = `inline-${mallId}`;
        const young = new Date();
        const old = new Date(young.getTime() - 61_000);
        const first = await world.codes.store({ mallId, code, receivedAt: young });
        const again = await world.codes.store({ mallId, code, receivedAt: old });
        expect(again).toBe(first);
        const begun = await world.codes.begin(beginRequest(mallId, first));
        expect(begun).toMatchObject({ finished: { outcome: 'expired' } });
      });
    });

    describe('commit', () => {
      it('stores the first grant as version 1 and has TokenIssued to tell', async () => {
        const codeId = await world.insertCode(mallId);
        const grant = someGrant(mallId);
        const finished = await commit(await begin(codeId), grant);
        expect(finished).toMatchObject({
          outcome: 'issued',
          unpublished: { detailType: 'TokenIssued', detail: { mallId, version: 1 } },
        });
        const { accessToken, refreshToken } = grant;
        expect(await world.tokenRow(mallId)).toEqual({
          version: 1,
          accessToken,
          refreshToken,
          status: 'active',
        });
        expect(await world.codeStatus(codeId)).toBe('exchanged');
      });

      it('raises the version of a row and makes it active again', async () => {
        await exchange();
        await world.setStatus(mallId, 'revoked');
        await exchange();
        expect(await world.tokenRow(mallId)).toMatchObject({ version: 2, status: 'active' });
      });

      it('finds its own first result when it is repeated', async () => {
        const { attempt, finished } = await exchange();
        expect(await commit(attempt)).toEqual(finished);
        expect(await world.tokenRow(mallId)).toMatchObject({ version: 1 });
      });

      it('installs a late answer of an attempt that was given up', async () => {
        const attempt = await begin(await world.insertCode(mallId));
        await world.attempts.close(attempt.attemptId, { outcome: 'abandoned', reason: 'test' });
        expect(await commit(attempt)).toMatchObject({ outcome: 'issued' });
      });

      it('loses to an exchange that was begun later', async () => {
        const codeId = await world.insertCode(mallId);
        const dead = await begin(codeId);
        await world.attempts.close(dead.attemptId, { outcome: 'abandoned', reason: 'test' });
        const later = someGrant(mallId);
        await commit(await begin(codeId), later);
        expect(await commit(dead)).toMatchObject({ outcome: 'overtaken', unpublished: undefined });
        expect(await world.tokenRow(mallId)).toMatchObject({ refreshToken: later.refreshToken });
      });
    });

    describe('close', () => {
      const rejected = {
        outcome: 'rejected',
        reason: 'invalid_grant',
        eventIfNoGrant: { detailType: 'ReauthorizationRequired', detail: {} },
      } as const;

      it('ends a refused code for good and has ReauthorizationRequired to tell', async () => {
        const codeId = await world.insertCode(mallId);
        const attempt = await begin(codeId);
        const finished = await world.attempts.close(attempt.attemptId, rejected);
        expect(finished).toMatchObject({
          outcome: 'rejected',
          unpublished: { detail: { version: 0 } },
        });
        expect(await world.codeStatus(codeId)).toBe('rejected');
      });

      it('has nothing to tell of a refused code while the mall has a living grant', async () => {
        await exchange();
        const attempt = await begin(await world.insertCode(mallId));
        const finished = await world.attempts.close(attempt.attemptId, rejected);
        expect(finished.unpublished).toBeUndefined();
        expect(await world.tokenRow(mallId)).toMatchObject({ version: 1, status: 'active' });
      });

      it.each(['failed', 'misconfigured', 'not-started', 'abandoned'] as const)(
        'lets a code whose attempt ended as %s be tried again',
        async (outcome) => {
          const codeId = await world.insertCode(mallId);
          const attempt = await begin(codeId);
          await world.attempts.close(attempt.attemptId, { outcome, reason: 'test' });
          expect(await world.codeStatus(codeId)).toBe('received');
          await begin(codeId);
        },
      );

      it('keeps the outcome of an attempt that is over', async () => {
        const { attempt } = await exchange();
        const finished = await world.attempts.close(attempt.attemptId, rejected);
        expect(finished.outcome).toBe('issued');
      });
    });

    describe('outbox', () => {
      it('leaves the outcome to the process that finished the attempt while its lease lives', async () => {
        const codeId = await world.insertCode(mallId);
        await commit(await begin(codeId));
        expect(await world.codes.begin(beginRequest(mallId, codeId))).toEqual({ kind: 'held' });
      });

      it('hands the outcome to the next who asks once that lease is given up', async () => {
        const codeId = await world.insertCode(mallId);
        const attempt = await begin(codeId);
        const finished = await commit(attempt);
        await world.attempts.endLease(attempt.attemptId);
        const begun = await world.codes.begin(beginRequest(mallId, codeId));
        expect(begun).toEqual({ kind: 'finished', finished });
      });

      it('has nothing left to tell after it was published', async () => {
        const codeId = await world.insertCode(mallId);
        const attempt = await begin(codeId);
        await commit(attempt);
        await world.attempts.markPublished(attempt.attemptId);
        const begun = await world.codes.begin(beginRequest(mallId, codeId));
        expect(begun).toMatchObject({
          kind: 'finished',
          finished: { outcome: 'issued', unpublished: undefined },
        });
      });
    });
  });
}
