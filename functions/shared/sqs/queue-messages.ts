import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { OwnError } from '../errors.ts';
import { pack } from '../pack.ts';
import { deadLetterOf, type Rejection } from './dead-letter.ts';

/** What a consumer does to messages that it was handed, beside having Lambda delete them. */
export interface QueueMessages {
  /** Makes the message visible again `seconds` (whole, 0 to 43,200) from now. */
  hide(record: SQSRecord, seconds: number): Promise<void>;
  /**
   * Deletes messages at once, before Lambda would. To delete one again does no harm.
   *
   * @throws Error SQS did not delete all of them. Whoever has no valid receipt (any more) is no such
   *   failure: that message was deleted already, or was handed out anew; nobody can change that here.
   */
  delete(records: readonly SQSRecord[]): Promise<void>;
  /**
   * Puts a copy with the reason into the dead-letter queue; the message itself stays.
   *
   * @remarks At least once: a repeated call makes another copy with the same `OriginalMessageId`.
   */
  reject(record: SQSRecord, rejection: Rejection): Promise<RejectionReceipt>;
}

/** DeleteMessageBatch takes 10 entries (SQS quotas, read 2026-11). */
const DELETE_CALL = { maxItems: 10, maxBytes: Infinity };

interface RejectionReceipt {
  /** The id of the copy: where the copy carries no reason, a log line finds it by this. */
  readonly deadLetterId: string | undefined;
  /** False where the sender's attributes left no room for the rejection's own. */
  readonly explained: boolean;
}

export interface QueueAddress {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Stands as `FunctionName` in the dead letters. */
  readonly functionName: string;
}

/**
 * {@link QueueMessages} of one SQS queue.
 *
 * Errors of the SDK come through as they are: whatever they are, the message stays in its queue.
 */
export function sqsQueueMessages(client: SQSClient, address: QueueAddress): QueueMessages {
  return {
    hide: async ({ receiptHandle }, seconds) => {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: address.queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
    delete: async (records) => {
      // SQS refuses a whole call for an entry without a receipt.
      const received = records.filter(({ receiptHandle }) => receiptHandle);
      const calls = pack(received, () => 0, DELETE_CALL).map((parcel) =>
        deleteParcel(client, address.queueUrl, parcel),
      );
      // None still runs when the caller goes on.
      await Promise.allSettled(calls);
      await Promise.all(calls);
    },
    reject: async (record, rejection) => {
      const letter = deadLetterOf(record, rejection, address.functionName);
      const { MessageId: deadLetterId } = await client.send(
        new SendMessageCommand({
          QueueUrl: address.deadLetterQueueUrl,
          MessageBody: letter.body,
          MessageAttributes: letter.attributes,
        }),
      );
      return { deadLetterId, explained: letter.explained };
    },
  };
}

async function deleteParcel(
  client: SQSClient,
  queueUrl: string,
  records: readonly SQSRecord[],
): Promise<void> {
  const { Failed = [] } = await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: records.map(({ receiptHandle: ReceiptHandle }, at) => ({
        Id: String(at),
        ReceiptHandle,
      })),
    }),
  );
  // The sender's fault (of a delete: ReceiptHandleIsInvalid) is the same the next time.
  const failed = Failed.filter(({ SenderFault }) => SenderFault !== true);
  if (failed.length === 0) return;
  throw new OwnError(
    `SQS did not delete ${failed.length} messages: ${failed[0]?.Code ?? 'unknown'}.`,
  );
}
