import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const CONNECT_MS = 1_000;
const REQUEST_MS = 3_000;

/** The longest that one call takes. */
export const LONGEST_CALL_MS = CONNECT_MS + REQUEST_MS;

/** @param maxAttempts 1 where the caller repeats, since it knows what is worth repeating. */
export function dynamoDbClient(maxAttempts: number): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      throwOnRequestTimeout: true,
    },
  });
}
