import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClient } from '../aws-client.ts';

/** @param maxAttempts 1 where the caller repeats, since it knows what is worth repeating. */
export function dynamoDbClient(maxAttempts?: number): DynamoDBClient {
  return awsClient(DynamoDBClient, maxAttempts);
}
