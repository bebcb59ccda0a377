import { describe, expect, it } from 'vitest';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import type { Attempt, GrantType } from '#shared/grants/ports.ts';
import type { FixedClock } from '../fixed-clock.ts';

const closure = { outcome: 'failed', reason: 'status-503' } as const;
const event = { detailType: 'TokenRefreshFailed', detail: { reason: 'status-503' } };
const mark = { salt: 'salt', fingerprint: 'print', reason: 'invalid-credentials' };

/** What the test at hand has. */
interface Stage {
  readonly attempts: LeasedAttempts;
  readonly clock: FixedClock;
  begun(grantType?: GrantType, baseVersion?: number): Promise<Attempt>;
}

/** What attempts leave behind for those that come after them. */
export function describeMemory(title: string, stage: Stage): void {
  describe(`${title}: the outbox`, () => {
    it('leaves an outcome to its process for 30 s, then lists it, oldest first', async () => {
      const first = await stage.begun();
      await stage.attempts.close(first.attemptId, { ...closure, event });
      stage.clock.advanceSeconds(61);
      const second = await stage.begun();
      await stage.attempts.commit(second, { outcome: 'refreshed', version: 4, event });
      const ids = async () =>
        (await stage.attempts.unpublished()).map(({ attemptId }) => attemptId);
      expect(await ids()).toEqual([first.attemptId]);
      await stage.attempts.endLease(second.attemptId);
      expect(await ids()).toEqual([first.attemptId, second.attemptId]);
      await stage.attempts.markPublished(first.attemptId);
      await stage.attempts.markPublished(first.attemptId);
      expect(await ids()).toEqual([second.attemptId]);
      await stage.attempts.markPublished(second.attemptId);
      expect(await stage.attempts.standing()).toMatchObject({ hasUnpublished: false });
    });
  });

  describe(`${title}: what is remembered`, () => {
    it('is the mark of refused credentials, together with the end of the attempt', async () => {
      expect(await stage.attempts.credentialsMark()).toBeUndefined();
      const attempt = await stage.begun('password', 0);
      const finished = await stage.attempts.refuseCredentials(attempt.attemptId, { mark, event });
      expect(finished).toMatchObject({
        outcome: 'refused',
        unpublished: { detail: { version: 0 } },
      });
      expect(await stage.attempts.refuseCredentials(attempt.attemptId, { mark, event })).toEqual(
        finished,
      );
      expect(await stage.attempts.credentialsMark()).toEqual(mark);
      await stage.attempts.clearCredentialsMark();
      await stage.attempts.clearCredentialsMark();
      expect(await stage.attempts.credentialsMark()).toBeUndefined();
    });

    it('is not the mark of an attempt that is over: the account may be unlocked since', async () => {
      const paused = await stage.begun('password', 0);
      await stage.attempts.close(paused.attemptId, { outcome: 'unknown', reason: 'died', event });
      const told = await stage.attempts.refuseCredentials(paused.attemptId, { mark, event });
      expect(told).toMatchObject({ outcome: 'unknown' });
      expect(await stage.attempts.credentialsMark()).toBeUndefined();
      const refused = await stage.begun('password', 0);
      await stage.attempts.refuseCredentials(refused.attemptId, { mark, event });
      await stage.attempts.clearCredentialsMark();
      await stage.attempts.refuseCredentials(refused.attemptId, { mark, event });
      expect(await stage.attempts.credentialsMark()).toBeUndefined();
    });

    it('is the mark no longer, when other credentials were accepted, whatever was refreshed', async () => {
      const refused = await stage.begun('password', 0);
      await stage.attempts.refuseCredentials(refused.attemptId, { mark, event });
      const refresh = await stage.begun();
      await stage.attempts.commit(refresh, { outcome: 'refreshed', version: 4, event });
      expect(await stage.attempts.credentialsMark()).toEqual(mark);
      const accepted = await stage.begun('password', 4);
      await stage.attempts.commit(accepted, { outcome: 'overtaken', version: 0, event: undefined });
      expect(await stage.attempts.credentialsMark()).toEqual(mark);
      const again = await stage.begun('password', 4);
      await stage.attempts.commit(again, { outcome: 'issued', version: 5, event });
      expect(await stage.attempts.credentialsMark()).toBeUndefined();
    });

    it('is the grant that was stored last, for a minute, while reads of it may be old', async () => {
      const issued = await stage.begun('password', 0);
      await stage.attempts.commit(issued, { outcome: 'issued', version: 1, event });
      const newest = { version: 1, attemptId: issued.attemptId };
      expect(await stage.attempts.standing()).toMatchObject({ newest });
      const late = await stage.begun('refresh_token', 1);
      await stage.attempts.commit(late, { outcome: 'overtaken', version: 0, event: undefined });
      expect(await stage.attempts.standing()).toMatchObject({ newest });
      const next = await stage.begun('refresh_token', 1);
      stage.clock.advanceSeconds(59);
      expect(await stage.attempts.standing()).toMatchObject({ newest });
      stage.clock.advanceSeconds(1);
      expect(await stage.attempts.standing()).toMatchObject({ newest: undefined });
      await stage.attempts.close(next.attemptId, { ...closure, event });
      expect(await stage.attempts.standing()).toMatchObject({ newest: undefined });
      await stage.attempts.commit(next, { outcome: 'refreshed', version: 2, event });
      expect(await stage.attempts.standing()).toMatchObject({
        newest: { version: 2, attemptId: next.attemptId },
      });
    });

    it('is since when no attempt has brought a grant, with a rest as long as is asked for', async () => {
      const since = stage.clock.now();
      for (const seconds of [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]) {
        const attempt = await stage.begun();
        const { attemptId } = attempt;
        await stage.attempts.close(attemptId, closure, { longestRestSeconds: 3_600 });
        const { rest, failingSince } = await stage.attempts.standing();
        expect(failingSince).toEqual(since);
        expect(rest?.until.getTime()).toBe(stage.clock.now().getTime() + seconds * 1_000);
        stage.clock.advanceSeconds(seconds);
      }
      const attempt = await stage.begun();
      await stage.attempts.commit(attempt, { outcome: 'refreshed', version: 4, event });
      expect(await stage.attempts.standing()).toMatchObject({ failingSince: undefined });
    });

    it('is the highest version that a client saw refused', async () => {
      await stage.attempts.wish(3);
      await stage.attempts.wish(2);
      expect(await stage.attempts.standing()).toMatchObject({ wishedVersion: 3 });
    });
  });
}
