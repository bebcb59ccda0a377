import type { BatchStatementResponse } from '@aws-sdk/client-dynamodb';
import {
  ConfigurationError,
  DependencyRefusedError,
  DependencyUnavailableError,
  type TokenlineError,
} from '../errors.ts';

/** How one statement of a call ended. */
export type StatementEnd = 'applied' | 'duplicate-item' | 'condition-failed' | TokenlineError;

/** By the codes that the API reference of BatchStatementError names (read 2026-11). */
export function statementEnd(response: BatchStatementResponse | undefined): StatementEnd {
  if (response === undefined) return unavailable('no answer for the statement');
  const { Error: error } = response;
  if (error === undefined) return 'applied';
  switch (error.Code) {
    case undefined:
      return unavailable('an error without a code');
    case 'DuplicateItem':
      return 'duplicate-item';
    case 'ConditionalCheckFailed':
      return 'condition-failed';
    case 'ValidationError':
    case 'ItemCollectionSizeLimitExceeded':
      return refused(error.Code);
    case 'AccessDenied':
    case 'ResourceNotFound':
      return misconfigured(error.Code);
    case 'InternalServerError':
    case 'ProvisionedThroughputExceeded':
    case 'RequestLimitExceeded':
    case 'ThrottlingError':
    case 'TransactionConflict':
      return unavailable(error.Code);
    default:
      // The SDK's list may be older than DynamoDB: what nobody knows is neither applied nor refused.
      return unavailable('an error of another code');
  }
}

const MISCONFIGURED: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
]);

/** The request is such that DynamoDB will never take it; one statement may have spoilt it for all. */
const REFUSED: ReadonlySet<string> = new Set(['ValidationException', 'SerializationException']);

/** What a call that failed as a whole means: whatever is not known to last may pass. */
export function callError(thrown: unknown): TokenlineError {
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  if (REFUSED.has(name)) return refused(name, thrown);
  return MISCONFIGURED.has(name) ? misconfigured(name, thrown) : unavailable(name, thrown);
}

function refused(code: string, cause?: unknown): DependencyRefusedError {
  return new DependencyRefusedError('item-refused', `DynamoDB refused it: ${code}.`, { cause });
}

function misconfigured(code: string, cause?: unknown): ConfigurationError {
  const message = `DynamoDB answers ${code}: check the name of the table and the permissions.`;
  return new ConfigurationError(message, { cause });
}

function unavailable(code: string, cause?: unknown): DependencyUnavailableError {
  const message = `DynamoDB did not do it: ${code}.`;
  return new DependencyUnavailableError('dynamodb-unavailable', message, { cause });
}
