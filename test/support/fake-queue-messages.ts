import { randomUUID } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import { deadLetterOf, type DeadLetter, type Rejection } from '#shared/sqs/dead-letter.ts';
import type { QueueMessages } from '#shared/sqs/queue-messages.ts';

type Breakable = 'hide' | 'reject' | 'delete';

export interface FakeQueueMessages extends QueueMessages {
  readonly hidden: readonly { readonly messageId: string; readonly seconds: number }[];
  /** Ids, in the order in which they were deleted. */
  readonly deleted: readonly string[];
  readonly rejected: readonly (Rejection & { readonly messageId: string })[];
  readonly deadLetters: readonly DeadLetter[];
  /** From now on the call fails with the error; without one it works again. */
  breakDown(call: Breakable, error?: Error): void;
}

export function fakeQueueMessages(functionName = 'a-function'): FakeQueueMessages {
  const broken = new Map<Breakable, Error | undefined>();
  const hidden: { messageId: string; seconds: number }[] = [];
  const rejected: (Rejection & { messageId: string })[] = [];
  const deadLetters: DeadLetter[] = [];
  const deleted: string[] = [];
  const failIfBroken = (call: Breakable) => {
    const error = broken.get(call);
    if (error) throw error;
  };
  return {
    hidden,
    deleted,
    rejected,
    deadLetters,
    breakDown: (call, error) => {
      broken.set(call, error);
    },
    hide: async ({ messageId }: SQSRecord, seconds) => {
      await Promise.resolve();
      failIfBroken('hide');
      hidden.push({ messageId, seconds });
    },
    delete: async (records) => {
      await Promise.resolve();
      failIfBroken('delete');
      deleted.push(...records.map(({ messageId }) => messageId));
    },
    reject: async (record, rejection) => {
      await Promise.resolve();
      failIfBroken('reject');
      const letter = deadLetterOf(record, rejection, functionName);
      rejected.push({ messageId: record.messageId, ...rejection });
      deadLetters.push(letter);
      return { deadLetterId: randomUUID(), explained: letter.explained };
    },
  };
}
