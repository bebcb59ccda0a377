import pg from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DependencyUnavailableError } from '#shared/errors.ts';
import {
  gatherBesideOthers,
  gathered,
  WITHOUT_THE_REFUSED,
  type Repetition,
} from '#shared/postgres/gathered.ts';
import { toTokenlineError } from '#shared/postgres/postgres-errors.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** As Postgres says it. */
function sqlState(code: string): unknown {
  const error = new pg.DatabaseError('its text quotes a row', 10, 'error');
  error.code = code;
  return toTokenlineError(error);
}

/** Sets that were run, each of which fails as `failureOf` says. */
function setsRun(
  failureOf: (set: readonly string[], runs: number) => unknown,
  repetition?: Repetition,
) {
  const sets: (readonly string[])[] = [];
  const runTogether = (calls: readonly string[]) => {
    sets.push(calls);
    const failure = failureOf(calls, sets.length);
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it is thrown
    if (failure !== undefined) return Promise.reject(failure);
    return Promise.resolve(calls.map((call) => `${call}!`));
  };
  const ask = gathered<string, string>(runTogether, queueMicrotask, repetition);
  return { sets, askAll: (...calls: string[]) => Promise.allSettled(calls.map(ask)) };
}

const poison = (code: string) => (set: readonly string[]) =>
  set.includes('poison') ? sqlState(code) : undefined;

describe('calls that come together', () => {
  test('are one statement, and each has its own answer', async () => {
    const { sets, askAll } = setsRun(() => undefined);

    expect(await askAll('a', 'b')).toMatchObject([{ value: 'a!' }, { value: 'b!' }]);
    expect(sets).toEqual([['a', 'b']]);
  });

  test.each(['23514', '22P02', '54000', '57014', '21000', 'P0001'])(
    'are repeated alone when their statement fails with %s',
    async (code) => {
      const { sets, askAll } = setsRun(poison(code));

      const answers = await askAll('a', 'poison', 'b');

      expect(answers).toMatchObject([
        { value: 'a!' },
        { reason: { message: expect.stringContaining(code) as string } },
        { value: 'b!' },
      ]);
      expect(sets).toEqual([['a', 'poison', 'b'], ['a'], ['poison'], ['b']]);
    },
  );

  test.each(['08006', '25006', '53300', '57P01', '57P03'])(
    'fail together, without being repeated, when the database is away with %s',
    async (code) => {
      const { sets, askAll } = setsRun(() => sqlState(code));

      const answers = await askAll('a', 'b');

      expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(sets).toHaveLength(1);
    },
  );

  test('fail together when no answer came', async () => {
    const lost = new DependencyUnavailableError('database-unavailable', 'away');
    const { sets, askAll } = setsRun(() => lost);

    expect(await askAll('a', 'b')).toMatchObject([{ reason: lost }, { reason: lost }]);
    expect(sets).toHaveLength(1);
  });

  test('are repeated together after a deadlock', async () => {
    const { sets, askAll } = setsRun((_, runs) => (runs < 3 ? sqlState('40P01') : undefined));

    expect(await askAll('a', 'b')).toMatchObject([{ value: 'a!' }, { value: 'b!' }]);
    expect(sets).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  test('do not deadlock for ever', async () => {
    const { sets, askAll } = setsRun(() => sqlState('40P01'));

    expect(await askAll('a')).toMatchObject([{ reason: { fate: 'retry' } }]);
    expect(sets).toHaveLength(3);
  });

  test('of which one found a row locked for too long are repeated alone, and that one once', async () => {
    const { sets, askAll } = setsRun(poison('55P03'));

    await askAll('a', 'poison');
    await askAll('poison');

    expect(sets).toEqual([['a', 'poison'], ['a'], ['poison'], ['poison'], ['poison']]);
  });

  test('go through at the second try when a lock is given up meanwhile', async () => {
    const { askAll } = setsRun((_, runs) => (runs === 1 ? sqlState('55P03') : undefined));

    expect(await askAll('a')).toMatchObject([{ value: 'a!' }]);
  });

  test('show nothing of what the server quotes', async () => {
    const { askAll } = setsRun(() => sqlState('23514'));

    const [answer] = await askAll('a');

    expect(answer).toMatchObject({ reason: { cause: { message: 'SQLSTATE 23514' } } });
    expect(String((answer as PromiseRejectedResult).reason)).not.toContain('quotes');
  });
});

describe('calls whose caller has no time to lose', () => {
  test.each(['22P02', '23514', '21000'])(
    'are repeated alone when a row was refused with %s',
    async (code) => {
      const { sets, askAll } = setsRun(poison(code), WITHOUT_THE_REFUSED);

      const answers = await askAll('a', 'poison');

      expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      expect(sets).toEqual([['a', 'poison'], ['a'], ['poison']]);
    },
  );

  test.each(['57014', '55P03', '40P01', '08006', '25006', '53300', '57P01'])(
    'fail together, without being repeated, with %s',
    async (code) => {
      const { sets, askAll } = setsRun(poison(code), WITHOUT_THE_REFUSED);

      const answers = await askAll('a', 'poison');

      expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(sets).toHaveLength(1);
    },
  );

  test('fail together when no answer came', async () => {
    const lost = new DependencyUnavailableError('database-unavailable', 'away');
    const { sets, askAll } = setsRun(() => lost, WITHOUT_THE_REFUSED);

    await askAll('a', 'b');

    expect(sets).toHaveLength(1);
  });
});

describe('calls that gather beside others', () => {
  test('wait for nobody while no statement is under way, and for 2 ms while one is', async () => {
    vi.useFakeTimers();
    const sets: (readonly string[])[] = [];
    const ends: (() => void)[] = [];
    const ask = gathered<string, string>(async (calls) => {
      sets.push(calls);
      await new Promise<void>((resolve) => ends.push(resolve));
      return calls;
    }, gatherBesideOthers);

    const first = [ask('a'), ask('b')];
    await vi.advanceTimersByTimeAsync(0);
    expect(sets).toEqual([['a', 'b']]);

    const second = [ask('c')];
    await vi.advanceTimersByTimeAsync(1);
    second.push(ask('d'));
    expect(sets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sets).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);

    for (const end of ends) end();
    await Promise.all([...first, ...second]);
    const third = ask('e');
    await vi.advanceTimersByTimeAsync(0);
    expect(sets.at(-1)).toEqual(['e']);
    ends.at(-1)?.();
    await third;
  });
});
