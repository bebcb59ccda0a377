import type {
  AttributeValue,
  BatchStatementRequest,
  BatchStatementResponse,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { dynamoDbPredecessor } from '#shared/dynamodb/predecessor.ts';
import { affectedOfOld } from '#shared/sla/old-breach.ts';
import { plentyOfTime } from '#test/support/sla-breaches.ts';

type Attributes = Record<string, AttributeValue>;

const TABLE = {
  tableName: 'old',
  affectedDateIndex: 'AffectedDateIndex',
  folderIndex: 'FolderIndex',
};
const KEYS = Array.from({ length: 10 }, (_, index) => `healthy-${String(index)}`);

const item = (ErrorID: string, changes: Attributes = {}): Attributes => ({
  ErrorID: { S: ErrorID },
  Folder: { S: 'C:\\in' },
  Filename: { S: 'a.csv' },
  CreationDate: { S: '2024-06-15T19:25:25' },
  SLA: { N: '60' },
  ...changes,
});

/** A table with ten healthy items and a poison among them; `answer` says how a write ends. */
async function lookAt(
  poison: Attributes,
  answer: (statement: BatchStatementRequest) => BatchStatementResponse | Error,
) {
  const healthy = KEYS.map((key) => item(key));
  const Items = [...healthy.slice(0, 5), poison, ...healthy.slice(5)];
  const send = ({ input }: { readonly input: { Statements?: BatchStatementRequest[] } }) => {
    if (input.Statements === undefined) return Promise.resolve({ Items });
    const Responses = input.Statements.map(answer);
    const spoilt = Responses.find((response) => response instanceof Error);
    return spoilt === undefined ? Promise.resolve({ Responses }) : Promise.reject(spoilt);
  };
  const client = { send } as unknown as DynamoDBClient;
  const pause = () => Promise.resolve();
  const table = dynamoDbPredecessor(TABLE, { client, pause, random: () => 0 });
  return await table.fillNext({
    after: undefined,
    affectedOf: (old) => affectedOfOld(old, 'America/Mexico_City'),
    deadline: plentyOfTime,
  });
}

const isOfPoison = ({ Parameters = [] }: BatchStatementRequest) =>
  Parameters.some(({ S }) => S === 'poison');
const taken = () => ({ TableName: 'old' });

test.each<[string, Attributes]>([
  ['no SLA', { SLA: { NULL: true } }],
  ['no folder', { Folder: { NULL: true } }],
  ['a date of another calendar', { CreationDate: { S: '2567-06-15 19:25:25' } }],
  ['texts that are lists', { Filename: { L: [] }, CreationDate: { L: [] } }],
  ['a day in a form of its own', { AffectedDay: { N: '20240615' } }],
  ['text that is half a surrogate pair', { CreationDate: { S: '\ud83d' } }],
])(
  'an item that can not be read (%s) is left, and its neighbours are filled',
  async (_, changes) => {
    expect(await lookAt(item('poison', changes), taken)).toEqual({
      looked: 11,
      filled: 10,
      left: ['poison'],
      next: undefined,
    });
  },
);

test.each(['ValidationError', 'ItemCollectionSizeLimitExceeded'] as const)(
  'an item that DynamoDB refuses to fill (%s) is left, and its neighbours are filled',
  async (Code) => {
    const refusing = (statement: BatchStatementRequest) =>
      isOfPoison(statement) ? { Error: { Code, Message: 'Item size has exceeded' } } : {};

    expect(await lookAt(item('poison'), refusing)).toMatchObject({ filled: 10, left: ['poison'] });
  },
);

test.each(['ValidationException', 'SerializationException'])(
  'an item that spoils a whole call (%s) is left, and its neighbours are filled',
  async (name) => {
    const spoiling = (statement: BatchStatementRequest) =>
      isOfPoison(statement) ? Object.assign(new Error(name), { name }) : {};

    expect(await lookAt(item('poison'), spoiling)).toMatchObject({ filled: 10, left: ['poison'] });
  },
);
