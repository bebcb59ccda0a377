import { setImmediate as otherWork } from 'node:timers/promises';
import type {
  BatchExecuteStatementCommandInput,
  BatchStatementErrorCodeEnum,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { executeStatements } from '#shared/dynamodb/execute-statements.ts';
import { DependencyUnavailableError } from '#shared/errors.ts';

const CALLS = 20;
const statements = new Map(
  Array.from({ length: 25 * CALLS }, (_, index) => [String(index), { Statement: 'INSERT' }]),
);

describe('statements that time out', () => {
  it('are repeated with half as many calls at once each round, down to one', async () => {
    const atOnceByRound: number[] = [];
    let running = 0;
    let mostRunning = 0;
    const send = async () => {
      mostRunning = Math.max(mostRunning, (running += 1));
      await otherWork();
      running -= 1;
      throw new Error('timed out');
    };
    const pause = () => {
      atOnceByRound.push(mostRunning);
      mostRunning = 0;
      return Promise.resolve();
    };
    const deadline = { remainingMs: () => (atOnceByRound.length < 5 ? 60_000 : 0) };
    const client = { send } as unknown as DynamoDBClient;

    const means = { client, pause, random: () => 0 };
    const ends = await executeStatements(statements, { deadline, reserveMs: 0 }, means);

    expect(atOnceByRound).toEqual([8, 4, 2, 1, 1]);
    expect(ends.size).toBe(statements.size);
    for (const end of ends.values()) expect(end).toBeInstanceOf(DependencyUnavailableError);
  });
});

describe('a statement that DynamoDB will never take', () => {
  const named = (keys: readonly string[]) =>
    new Map(keys.map((key) => [key, { Statement: 'INSERT', Parameters: [{ S: key }] }]));
  const plenty = { deadline: { remainingMs: () => 60_000 }, reserveMs: 0 };

  it.each(['ValidationException', 'SerializationException'])(
    'and that spoils its call with %s costs its neighbours nothing',
    async (name) => {
      const keys = [...Array.from({ length: 10 }, (_, index) => String(index)), 'poison'];
      let calls = 0;
      const send = ({ input }: { readonly input: BatchExecuteStatementCommandInput }) => {
        calls += 1;
        const sent = (input.Statements ?? []).map(({ Parameters }) => Parameters?.[0]?.S);
        if (!sent.includes('poison')) return Promise.resolve({ Responses: sent.map(() => ({})) });
        return Promise.reject(Object.assign(new Error(name), { name }));
      };
      const client = { send } as unknown as DynamoDBClient;
      const pause = () => Promise.reject(new Error('There is nothing to wait for.'));

      const ends = await executeStatements(named(keys), plenty, { client, pause, random: () => 0 });

      expect(ends.get('poison')).toMatchObject({ name: 'DependencyRefusedError' });
      for (const key of keys.slice(0, -1)) expect(ends.get(key)).toBe('applied');
      expect(calls).toBe(12);
    },
  );

  /** Every code that the API reference of BatchStatementError names (read 2026-11). */
  const ENDS = {
    DuplicateItem: 'duplicate-item',
    ConditionalCheckFailed: 'condition-failed',
    ValidationError: 'DependencyRefusedError',
    ItemCollectionSizeLimitExceeded: 'DependencyRefusedError',
    AccessDenied: 'ConfigurationError',
    ResourceNotFound: 'ConfigurationError',
    InternalServerError: 'DependencyUnavailableError',
    ProvisionedThroughputExceeded: 'DependencyUnavailableError',
    RequestLimitExceeded: 'DependencyUnavailableError',
    ThrottlingError: 'DependencyUnavailableError',
    TransactionConflict: 'DependencyUnavailableError',
  } satisfies Record<BatchStatementErrorCodeEnum, string>;

  it.each(Object.entries(ENDS))('or may not (%s): it ends alone', async (Code, end) => {
    // As DynamoDB answers: a statement that was applied has an empty object, or its table's name.
    const send = () =>
      Promise.resolve({
        Responses: [{}, { TableName: 't', Error: { Code, Message: 'm' } }, { TableName: 't' }],
      });
    let remainingMs = 60_000;
    const deadline = { remainingMs: () => (remainingMs -= 20_000) };
    const client = { send } as unknown as DynamoDBClient;
    const means = { client, pause: () => Promise.resolve(), random: () => 0 };

    const ends = await executeStatements(named(['a', 'b', 'c']), { deadline, reserveMs: 0 }, means);

    const ended = [...ends.values()].map((one) => (one instanceof Error ? one.name : one));
    expect([ended[0], ended[2]]).toEqual(['applied', 'applied']);
    expect(ended[1]).toBe(end);
  });

  it('is neither applied nor known before where DynamoDB says what nobody knows', async () => {
    const Error = { Code: 'OfNextYear', Message: 'm' };
    const send = () => Promise.resolve({ Responses: [{ Error }] });
    let remainingMs = 60_000;
    const deadline = { remainingMs: () => (remainingMs -= 20_000) };
    const client = { send } as unknown as DynamoDBClient;
    const means = { client, pause: () => Promise.resolve(), random: () => 0 };

    const ends = await executeStatements(named(['a']), { deadline, reserveMs: 0 }, means);

    expect(ends.get('a')).toMatchObject({ name: 'DependencyUnavailableError' });
  });
});
