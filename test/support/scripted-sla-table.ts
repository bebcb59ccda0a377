import type { AttributeValue, DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';

type Key = Readonly<Record<string, AttributeValue>>;

/** The bytes of a partition key and of a sort key (DynamoDB's quotas, read 2026-11). */
const MOST_BYTES = { Folder: 2048, AffectedDay: 2048, ErrorID: 2048, AffectedDate: 1024 };

const refused = () => Object.assign(new Error('refused'), { name: 'ValidationException' });

/**
 * A table that answers each query as DynamoDB does, with a page of one item or none, and refuses what
 * DynamoDB refuses: keys that are empty or too long, ranges that end before they begin, and positions
 * that are none of the query.
 */
export function scriptedSlaTable(isAway: boolean): DynamoDBClient {
  const send = ({ input }: { readonly input: QueryCommandInput }) => {
    if (isAway) return Promise.reject(Object.assign(new Error('away'), { name: 'TimeoutError' }));
    const { ExpressionAttributeValues: values = {}, ExclusiveStartKey: start } = input;
    const { ':day': day, ':folder': folder, ':earliest': earliest, ':latest': latest } = values;
    const key = { ...(day && { AffectedDay: day }), ...(folder && { Folder: folder }) };
    const isInRange = (earliest?.S ?? '') <= (latest?.S ?? '');
    if (!isKey(key) || !isInRange || (start && !isPosition(start, key))) {
      return Promise.reject(refused());
    }
    if (start !== undefined) return Promise.resolve({ Items: [] });
    // Empty with a key to go on from: all that was looked at was filtered out.
    const AffectedDate = { S: earliest?.S ?? '2024-06-15T20:25:25.000Z' };
    const last = { ...key, ErrorID: { S: 'id' }, AffectedDate };
    return Promise.resolve({ Items: [], LastEvaluatedKey: last });
  };
  return { send } as unknown as DynamoDBClient;
}

function isKey(key: Key): boolean {
  return Object.entries(key).every(([name, { S = '' }]) => {
    const bytes = Buffer.byteLength(S);
    return bytes > 0 && bytes <= MOST_BYTES[name as keyof typeof MOST_BYTES];
  });
}

function isPosition(start: Key, key: Key): boolean {
  const isOfPartition = Object.entries(key).every(([name, value]) => start[name]?.S === value.S);
  return isOfPartition && isKey(start);
}
