import {
  TransactionCanceledException,
  type BatchStatementResponse,
} from '@aws-sdk/client-dynamodb';
import { COMMON_MEANINGS, type Meaning } from '../aws-errors.ts';
import {
  ConfigurationError,
  DependencyRefusedError,
  DependencyUnavailableError,
  type TokenlineError,
} from '../errors.ts';
import { toldName } from '../told-error.ts';

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

/**
 * Every error that the API references of the calls that we make name (read 2026-11). What a condition decides is no failure.
 */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ...COMMON_MEANINGS,
  ['ItemCollectionSizeLimitExceededException', 'refused'],
  ['DuplicateItemException', 'refused'],
  ['ResourceNotFoundException', 'ours'],
  ['ConditionalCheckFailedException', 'passing'],
  // Of the token that the SDK draws for each command: the next one has another.
  ['IdempotentParameterMismatchException', 'passing'],
  ['InvalidEndpointException', 'passing'],
  ['ProvisionedThroughputExceededException', 'passing'],
  ['ReplicatedWriteConflictException', 'passing'],
  ['RequestLimitExceeded', 'passing'],
  ['TransactionConflictException', 'passing'],
  ['TransactionInProgressException', 'passing'],
]);

/** Why a transaction was cancelled for good; for any other reason the next one may do. */
const REFUSED_REASONS: ReadonlySet<string | undefined> = new Set([
  'ItemCollectionSizeLimitExceeded',
  'ValidationError',
]);

export function dynamoDbMeaning(name: string): Meaning | undefined {
  return MEANINGS.get(name);
}

/** What a call that failed as a whole means: whatever is not known to last may pass. */
export function callError(thrown: unknown): TokenlineError {
  if (thrown instanceof TransactionCanceledException) return canceled(thrown);
  const name = toldName(thrown);
  const meaning = dynamoDbMeaning(name);
  if (meaning === 'refused') return refused(name, thrown);
  return meaning === 'ours' ? misconfigured(name, thrown) : unavailable(name, thrown);
}

/** Of each item it says why; of most that it was not to blame (`None`). */
function canceled(thrown: TransactionCanceledException): TokenlineError {
  const codes = (thrown.CancellationReasons ?? []).map(({ Code }) => Code);
  const reason = codes.find((code) => REFUSED_REASONS.has(code));
  if (reason !== undefined) return refused(reason, thrown);
  const told = codes.filter((code) => code !== undefined && code !== 'None').join(', ');
  return unavailable(`${thrown.name} (${told})`, thrown);
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
