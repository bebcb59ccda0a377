import { setImmediate as otherWork } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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
