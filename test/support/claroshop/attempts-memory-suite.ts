import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LeasedAttempts } from '#shared/grants/leased-attempts.ts';
import type { GrantType } from '#shared/grants/ports.ts';
import { fixedClock, type FixedClock } from '../fixed-clock.ts';
import { beginAttempt } from './begin-attempt.ts';

const closure = { outcome: 'failed', reason: 'status-503' } as const;
const event = { detailType: 'TokenRefreshFailed', detail: { reason: 'status-503' } };
const mark = { salt: 'salt', fingerprint: 'print', reason: 'invalid-credentials' };

/** What attempts leave behind for those that come after them. */
export function describeMemory(
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

  describe(`${title}: the outbox`, () => {
    it('leaves an outcome to its process for 30 s, then lists it, oldest first', async () => {
      const first = await begun();
      await attempts.close(first.attemptId, { ...closure, event });
      clock.advanceSeconds(61);
      const second = await begun();
      await attempts.commit(second, { outcome: 'refreshed', version: 4, event });
      const ids = async () => (await attempts.unpublished()).map(({ attemptId }) => attemptId);
      expect(await ids()).toEqual([first.attemptId]);
      await attempts.endLease(second.attemptId);
      expect(await ids()).toEqual([first.attemptId, second.attemptId]);
      await attempts.markPublished(first.attemptId);
      await attempts.markPublished(first.attemptId);
      expect(await ids()).toEqual([second.attemptId]);
      await attempts.markPublished(second.attemptId);
      expect(await attempts.standing()).toMatchObject({ hasUnpublished: false });
    });
  });

  describe(`${title}: what is remembered`, () => {
    it('is the mark of refused credentials, together with the end of the attempt', async () => {
      expect(await attempts.credentialsMark()).toBeUndefined();
      const attempt = await begun('password', 0);
      const finished = await attempts.refuseCredentials(attempt.attemptId, { mark, event });
      expect(finished).toMatchObject({
        outcome: 'refused',
        unpublished: { detail: { version: 0 } },
      });
      expect(await attempts.refuseCredentials(attempt.attemptId, { mark, event })).toEqual(
        finished,
      );
      expect(await attempts.credentialsMark()).toEqual(mark);
      await attempts.clearCredentialsMark();
      await attempts.clearCredentialsMark();
      expect(await attempts.credentialsMark()).toBeUndefined();
    });

    it('is not the mark of an attempt that is over: the account may be unlocked since', async () => {
      const paused = await begun('password', 0);
      await attempts.close(paused.attemptId, { outcome: 'unknown', reason: 'died', event });
      const told = await attempts.refuseCredentials(paused.attemptId, { mark, event });
      expect(told).toMatchObject({ outcome: 'unknown' });
      expect(await attempts.credentialsMark()).toBeUndefined();
      const refused = await begun('password', 0);
      await attempts.refuseCredentials(refused.attemptId, { mark, event });
      await attempts.clearCredentialsMark();
      await attempts.refuseCredentials(refused.attemptId, { mark, event });
      expect(await attempts.credentialsMark()).toBeUndefined();
    });

    it('is the mark no longer, when other credentials were accepted, whatever was refreshed', async () => {
      const refused = await begun('password', 0);
      await attempts.refuseCredentials(refused.attemptId, { mark, event });
      const refresh = await begun();
      await attempts.commit(refresh, { outcome: 'refreshed', version: 4, event });
      expect(await attempts.credentialsMark()).toEqual(mark);
      const accepted = await begun('password', 4);
      await attempts.commit(accepted, { outcome: 'overtaken', version: 0, event: undefined });
      expect(await attempts.credentialsMark()).toEqual(mark);
      const again = await begun('password', 4);
      await attempts.commit(again, { outcome: 'issued', version: 5, event });
      expect(await attempts.credentialsMark()).toBeUndefined();
    });

    it('is the highest version that a client saw refused', async () => {
      await attempts.wish(3);
      await attempts.wish(2);
      expect(await attempts.standing()).toMatchObject({ wishedVersion: 3 });
    });
  });
}
