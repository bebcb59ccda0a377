import { randomUUID } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import { deadLetterOf, type DeadLetter, type Rejection } from '#shared/sqs/dead-letter.ts';
import type { QueueMessages } from '#shared/sqs/queue-messages.ts';

export interface FakeQueueMessages extends QueueMessages {
  readonly hidden: readonly { readonly messageId: string; readonly seconds: number }[];
  readonly rejected: readonly (Rejection & { readonly messageId: string })[];
  readonly deadLetters: readonly DeadLetter[];
  /** From now on the call fails with the error; without one it works again. */
  breakDown(call: 'hide' | 'reject', error?: Error): void;
}

export function fakeQueueMessages(functionName = 'a-function'): FakeQueueMessages {
  const broken = new Map<'hide' | 'reject', Error | undefined>();
  const hidden: { messageId: string; seconds: number }[] = [];
  const rejected: (Rejection & { messageId: string })[] = [];
  const deadLetters: DeadLetter[] = [];
  const failIfBroken = (call: 'hide' | 'reject') => {
    const error = broken.get(call);
    if (error) throw error;
  };
  return {
    hidden,
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
