import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import type { GrantType } from '#shared/grants/ports.ts';
import { fixedClock, type FixedClock } from '../fixed-clock.ts';
import { beginAttempt, cause, request } from './begin-attempt.ts';
import { describeMemory } from './attempts-memory-suite.ts';

const closure = { outcome: 'failed', reason: 'status-503' } as const;
const event = { detailType: 'TokenRefreshFailed', detail: { reason: 'status-503' } };

/** What every store of leased attempts does, the one in memory and the one in DynamoDB. */
export function describeLeasedAttempts(
  title: string,
  makeAttempts: (subject: string, clock: FixedClock['now']) => LeasedAttempts,
): void {
  let clock: FixedClock;
  let attempts: LeasedAttempts;
  let subject: string;
  beforeEach(() => {
    clock = fixedClock();
    subject = `claroshop:${randomUUID()}`;
    attempts = makeAttempts(subject, clock.now);
  });

  const begun = (grantType?: GrantType, baseVersion?: number) =>
    beginAttempt(attempts, subject, { grantType, baseVersion });

  describe(`${title}: the lease`, () => {
    it('is had by one, whatever the grant', async () => {
      await begun('password');
      expect(await attempts.begin(request())).toEqual({ kind: 'in-progress' });
    });

    it('goes to exactly one of twenty that ask at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => attempts.begin(request())),
      );
      expect(answers.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
      expect(answers.filter(({ kind }) => kind === 'in-progress')).toHaveLength(19);
    });

    it('is had still when the answer to the begin got lost and it is asked for again', async () => {
      const mine = request();
      await attempts.begin(mine);
      expect(await attempts.begin(mine)).toMatchObject({ kind: 'begun' });
    });

    it('is left behind when its process and 5 s of skew are over', async () => {
      const attempt = await begun();
      clock.advanceSeconds(34.9);
      expect(await attempts.begin(request())).toEqual({ kind: 'in-progress' });
      clock.advanceSeconds(0.1);
      const { open } = await attempts.standing();
      const left = { ...attempt, cause };
      expect(open).toEqual({ attempt: left, lives: false, isBeingSettled: false });
      expect(await attempts.begin(request())).toEqual({ kind: 'left-behind', attempt: left });
    });

    it('says right before the request that it is over', async () => {
      const attempt = await begun();
      clock.advanceSeconds(36);
      expect(await attempts.declare(attempt)).toBe(false);
      expect(await attempts.declare({ ...attempt, attemptId: randomUUID() })).toBe(false);
    });

    it('leaves no trace when it is given back, and only its own is', async () => {
      const attempt = await begun();
      await attempts.giveBack(randomUUID());
      expect(await attempts.begin(request())).toEqual({ kind: 'in-progress' });
      await attempts.giveBack(attempt.attemptId);
      await attempts.giveBack(attempt.attemptId);
      expect(await attempts.standing()).toMatchObject({ open: undefined, rest: undefined });
      await attempts.begin(request());
      expect((await attempts.standing()).open?.attempt.baseAttemptId).toBeUndefined();
    });

    it('of a dead process is taken over by one at a time, who settles its attempt', async () => {
      const dead = await begun();
      const [one, other] = [request(), request()];
      expect(await attempts.takeOver(dead, one)).toBe(false);
      clock.advanceSeconds(36);
      const taken = await Promise.all([one, other].map((by) => attempts.takeOver(dead, by)));
      expect(taken.filter((isTaken) => isTaken)).toHaveLength(1);
      const [settler, second] = taken[0] === true ? [one, other] : [other, one];
      expect(await attempts.takeOver(dead, settler)).toBe(true);
      expect(await attempts.standing()).toMatchObject({
        open: { lives: true, isBeingSettled: true },
      });
      expect(await attempts.begin(second)).toEqual({ kind: 'in-progress' });
      clock.advanceSeconds(36);
      expect(await attempts.takeOver(dead, second)).toBe(true);
      await attempts.close(dead.attemptId, closure);
      expect(await attempts.takeOver(dead, second)).toBe(false);
      expect(await attempts.standing()).toMatchObject({ open: undefined });
    });

    it('that was taken over no longer serves its own process, should that be alive after all', async () => {
      const late = await begun();
      clock.advanceSeconds(36);
      await attempts.takeOver(late, request());
      expect(await attempts.declare(late)).toBe(false);
      await attempts.giveBack(late.attemptId);
      expect(await attempts.begin(request())).toEqual({ kind: 'in-progress' });
      const next = { ...late, attemptId: randomUUID(), grantType: 'password' } as const;
      expect(await attempts.succeed(late, next, { reason: 'token-spent' })).toBe(false);
    });

    it('is left at once by who does no more for its attempt, and by nobody else', async () => {
      const attempt = await begun();
      const settler = request();
      await attempts.leave(attempt.attemptId, settler.attemptId);
      expect(await attempts.begin(request())).toEqual({ kind: 'in-progress' });
      await attempts.leave(attempt.attemptId);
      expect(await attempts.begin(request())).toMatchObject({ kind: 'left-behind' });
      await attempts.takeOver(attempt, settler);
      await attempts.leave(attempt.attemptId);
      await attempts.leave(attempt.attemptId, randomUUID());
      expect(await attempts.begin(request())).toEqual({ kind: 'in-progress' });
      await attempts.leave(attempt.attemptId, settler.attemptId);
      expect(await attempts.begin(request())).toMatchObject({ kind: 'left-behind' });
    });

    it('stays when a refused refresh is followed by a password attempt', async () => {
      const refused = await begun();
      const next = { ...refused, attemptId: randomUUID(), grantType: 'password' } as const;
      expect(await attempts.succeed(refused, next, { reason: 'token-not-active' })).toBe(true);
      expect(await attempts.succeed(refused, next, { reason: 'token-not-active' })).toBe(true);
      expect(await attempts.begin(request())).toEqual({ kind: 'in-progress' });
      const { open, refusedVersion } = await attempts.standing();
      expect(open?.attempt).toEqual({ ...next, cause });
      expect(refusedVersion).toBe(3);
      expect(await attempts.close(refused.attemptId, closure)).toMatchObject({
        outcome: 'refused',
        unpublished: undefined,
      });
    });

    it('is not followed by anybody who has lost it', async () => {
      const lost = await begun();
      await attempts.close(lost.attemptId, { outcome: 'not-started', reason: 'no-time-left' });
      const next = { ...lost, attemptId: randomUUID() };
      expect(await attempts.succeed(lost, next, { reason: 'token-not-active' })).toBe(false);
    });
  });

  describe(`${title}: an end`, () => {
    it('has the version that was stored in its event, and frees the lease', async () => {
      const attempt = await begun();
      const commitment = { outcome: 'refreshed', version: 4, event } as const;
      const finished = await attempts.commit(attempt, commitment);
      expect(finished).toEqual({
        attemptId: attempt.attemptId,
        outcome: 'refreshed',
        unpublished: { ...event, detail: { ...event.detail, version: 4 } },
      });
      expect(await attempts.commit(attempt, { ...commitment, version: 9 })).toEqual(finished);
      expect(await attempts.begin(request())).toMatchObject({ kind: 'begun' });
    });

    it('has the version that stayed when there is no grant', async () => {
      const attempt = await begun();
      const finished = await attempts.close(attempt.attemptId, { ...closure, event });
      expect(finished).toMatchObject({
        outcome: 'failed',
        unpublished: { detail: { version: 3 } },
      });
      expect(await attempts.close(attempt.attemptId, { ...closure, reason: 'x' })).toEqual(
        finished,
      );
    });

    it.each(['abandoned', 'failed', 'unknown'] as const)(
      'is overwritten by a grant that came late: %s',
      async (outcome) => {
        const attempt = await begun();
        await attempts.close(attempt.attemptId, { outcome, reason: 'lease-expired', event });
        await attempts.markPublished(attempt.attemptId);
        const late = { outcome: 'issued', version: 4, event } as const;
        expect(await attempts.commit(attempt, late)).toMatchObject({
          outcome: 'issued',
          unpublished: { detail: { version: 4 } },
        });
        expect(await attempts.standing()).toMatchObject({ hasUnpublished: true, rest: undefined });
        const next = await begun();
        await attempts.close(next.attemptId, closure);
        const { rest } = await attempts.standing();
        expect(rest?.until.getTime()).toBe(clock.now().getTime() + 30_000);
      },
    );

    it('is not overwritten when it is no guess', async () => {
      const attempt = await begun();
      await attempts.close(attempt.attemptId, { outcome: 'rejected', reason: 'token-spent' });
      expect(
        await attempts.commit(attempt, { outcome: 'issued', version: 4, event }),
      ).toMatchObject({ outcome: 'rejected' });
      expect(await attempts.standing()).toMatchObject({ refusedVersion: 3 });
    });

    it('is unknown of an attempt that never began', async () => {
      await expect(attempts.close(randomUUID(), closure)).rejects.toThrow();
    });
  });

  describe(`${title}: the rest`, () => {
    const seconds = async () => {
      const { rest } = await attempts.standing();
      return rest === undefined ? 0 : (rest.until.getTime() - clock.now().getTime()) / 1_000;
    };

    it('grows with each failure, five minutes at most, and ends with a grant', async () => {
      const rests = [];
      for (let tries = 0; tries < 5; tries++) {
        const attempt = await begun();
        await attempts.close(attempt.attemptId, closure);
        rests.push(await seconds());
        expect(await attempts.begin(request())).toMatchObject({
          kind: 'resting',
          reason: 'status-503',
        });
        clock.advanceSeconds(rests.at(-1) ?? 0);
      }
      expect(rests).toEqual([30, 60, 120, 240, 300]);
      const attempt = await begun();
      await attempts.commit(attempt, { outcome: 'issued', version: 4, event });
      const next = await begun();
      await attempts.close(next.attemptId, closure);
      expect(await seconds()).toBe(30);
    });

    it('is as long as the provider asks for, but never over five minutes', async () => {
      const attempt = await begun();
      await attempts.close(attempt.attemptId, closure, { leastRestSeconds: 200 });
      expect(await seconds()).toBe(200);
      clock.advanceSeconds(200);
      const next = await begun();
      await attempts.close(next.attemptId, closure, { leastRestSeconds: 86_400 });
      expect(await seconds()).toBe(300);
    });

    it('holds up nobody who asks nobody', async () => {
      const attempt = await begun();
      await attempts.close(attempt.attemptId, closure);
      const quiet = { ...request(), asksNobody: true } as const;
      expect(await attempts.begin(quiet)).toMatchObject({ kind: 'begun' });
      expect(await attempts.begin({ ...request(), asksNobody: true })).toEqual({
        kind: 'in-progress',
      });
      await attempts.giveBack(quiet.attemptId);
      expect(await seconds()).toBe(30);
    });

    it('follows no attempt that asked nobody', async () => {
      const { attemptId, ...rest } = request();
      await attempts.begin({ attemptId, ...rest });
      await attempts.close(attemptId, { outcome: 'abandoned', reason: 'lease-expired' });
      expect(await seconds()).toBe(0);
    });
  });

  describeMemory(title, {
    get attempts() {
      return attempts;
    },
    get clock() {
      return clock;
    },
    begun,
  });
}
