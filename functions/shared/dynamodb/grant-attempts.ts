import type { LeasedAttempts } from '../grants/leased-attempts.ts';
import { beginAttempt, leaveOf, takeOverOf } from './attempt-begin.ts';
import { attemptEnds } from './attempt-ends.ts';
import { MarkItem } from './attempt-items.ts';
import { attemptOutbox } from './attempt-outbox.ts';
import {
  AttemptTable,
  LEASE_END,
  UNSETTLED,
  unsettled,
  type AttemptsMeans,
} from './attempt-table.ts';

/**
 * The attempts of one subject in DynamoDB: key `subject`, `item`. The item `lease` says who works
 * now, what is unpublished and until when the subject rests, so that recovery reads one item and no
 * history; `attempt#<id>` is one that is over, kept for 90 days; `refused-credentials` stops
 * password grants and may be deleted by an operator, who thereby allows one more.
 */
export function dynamoDbAttempts(subject: string, means: AttemptsMeans): LeasedAttempts {
  const table = new AttemptTable(subject, means);
  return {
    ...attemptEnds(table),
    ...attemptOutbox(table),
    standing: async (signal) => (await table.lease(signal)).standing,
    begin: (request) => beginAttempt(request, table),
    takeOver: takeOverOf(table),
    leave: leaveOf(table),
    async declare({ attemptId, grantType, baseVersion, baseAttemptId }) {
      const declared = await table.changeLease({
        set: { grantType, baseVersion, baseAttemptId },
        condition: `attemptId = :me AND leaseUntil > :now AND ${UNSETTLED}`,
        values: { ':me': attemptId, ':now': table.nowMs() },
      });
      return declared !== undefined;
    },
    async giveBack(attemptId) {
      await table.changeLease({ remove: LEASE_END, ...unsettled(attemptId) });
    },
    async credentialsMark() {
      const item = await table.read('refused-credentials');
      return item && MarkItem.parse(item);
    },
    async clearCredentialsMark() {
      await table.transact([{ Delete: table.address('refused-credentials') }]);
    },
    async wish(version) {
      await table.changeLease({
        set: { wishedVersion: version },
        condition: 'attribute_not_exists(wishedVersion) OR wishedVersion < :version',
        values: { ':version': version },
      });
    },
  };
}
