import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  type AttributeValue,
  type CancellationReason,
} from '@aws-sdk/client-dynamodb';

const $metadata = { httpStatusCode: 400, requestId: 'ABCDEF', attempts: 1, totalRetryDelay: 0 };

/** Without `Item`, unless the request asked for it with ReturnValuesOnConditionCheckFailure. */
export function conditionalCheckFailed(
  Item?: Record<string, AttributeValue>,
): ConditionalCheckFailedException {
  const message = 'The conditional request failed';
  return new ConditionalCheckFailedException({ message, $metadata, ...(Item && { Item }) });
}

type Code =
  | 'None'
  | 'ConditionalCheckFailed'
  | 'ItemCollectionSizeLimitExceeded'
  | 'TransactionConflict'
  | 'ProvisionedThroughputExceeded'
  | 'ThrottlingError'
  | 'ValidationError';

/**
 * One reason an item, in their order; `None` as a text for one without an error, whose message is left out
 * (API reference of TransactWriteItems, read 2026-11).
 */
export function transactionCanceled(...codes: readonly Code[]): TransactionCanceledException {
  const reasons = codes.map((Code): CancellationReason =>
    Code === 'None' ? { Code } : { Code, Message: 'why' },
  );
  return new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    $metadata,
    CancellationReasons: reasons,
  });
}
