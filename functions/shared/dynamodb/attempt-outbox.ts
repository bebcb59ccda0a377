import type { LeasedAttempts } from '../grants/leased-attempts.ts';
import { historyEnd } from './attempt-ends.ts';
import { toFinishedAttempt } from './attempt-items.ts';
import { attemptItem, type AttemptTable } from './attempt-table.ts';
import { toUpdate } from './conditional-writes.ts';

type Outbox = Pick<LeasedAttempts, 'endLease' | 'markPublished' | 'unpublished'>;

const IS_THERE = 'attribute_exists(attemptId)';

/** What finished attempts have to tell: the lease lists them until somebody has told it. */
export function attemptOutbox(table: AttemptTable): Outbox {
  return {
    async endLease(attemptId) {
      const change = { set: { leaseUntil: table.nowMs() }, condition: IS_THERE };
      await table.transact([{ Update: toUpdate(table.address(attemptItem(attemptId)), change) }]);
    },
    async markPublished(attemptId) {
      const change = {
        set: { publishedAt: table.nowMs(), expiresAt: historyEnd(table) },
        condition: `${IS_THERE} AND attribute_not_exists(publishedAt)`,
      };
      await table.transact([
        { Update: toUpdate(table.address(attemptItem(attemptId)), change) },
        { Update: toUpdate(table.address('lease'), { take: { unpublished: attemptId } }) },
      ]);
    },
    async unpublished() {
      const { unpublished } = await table.lease();
      const attempts = await Promise.all(unpublished.map((id) => table.attempt(id)));
      return attempts
        .filter((attempt) => attempt !== undefined)
        .filter(({ leaseUntil }) => leaseUntil <= table.nowMs())
        .sort((one, other) => one.finishedAt - other.finishedAt)
        .map(toFinishedAttempt);
    },
  };
}
