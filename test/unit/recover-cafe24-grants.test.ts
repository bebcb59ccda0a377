import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import ReauthorizationExample from '#events/examples/reauthorization-required.json' with { type: 'json' };
import {
  postgresStores,
  type Dependencies,
} from '#functions/recover-cafe24-grants/dependencies.ts';
import { recoverCafe24Grants } from '#functions/recover-cafe24-grants/recover-cafe24-grants.ts';
import { gatheredOutcomes } from '#shared/eventbridge/gathered-outcomes.ts';
import type { UnpublishedOutcome } from '#shared/grants/recovery.ts';
import type { Database } from '#shared/postgres/database.ts';
import { toTokenlineError } from '#shared/postgres/postgres-errors.ts';
import { beginRequest, someGrant, toSave } from '#test/support/cafe24-world.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { scriptedEventBus } from '#test/support/scripted-event-bus.ts';

type Stores = ReturnType<typeof postgresStores>;

const attempt = {
  attemptId: randomUUID(),
  grantType: 'refresh_token',
  subject: 'a-mall',
  baseVersion: 1,
} as const;
const save = toSave(someGrant('a-mall'), attempt);
const closure = { outcome: 'abandoned', reason: 'test' } as const;

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout'] }));
afterEach(() => vi.useRealTimers());

describe('what recovery asks of the database', () => {
  it.each<[string, (stores: Stores) => Promise<unknown>]>([
    ['markPublished', ({ attempts }) => attempts.markPublished(attempt.attemptId)],
    ['close', ({ attempts }) => attempts.close(attempt.attemptId, closure)],
    ['commit of a code', ({ tokens }) => tokens.authorization_code.commit(attempt, save, false)],
    ['commit of a refresh', ({ tokens }) => tokens.refresh_token.commit(attempt, save, false)],
    ['begin', ({ codes }) => codes.begin(beginRequest('a-mall', '1'))],
  ])('is asked at once, without a wait for others that do not come: %s', async (_name, ask) => {
    let asked = 0;
    const count = () => {
      asked += 1;
      return Promise.reject(new Error('asked'));
    };
    const database = { run: count, transaction: count } as unknown as Database;
    const failed = ask(postgresStores(database)).catch(() => undefined);
    // No timer goes off here.
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(asked).toBe(1);
    await failed;
  });
});

describe('attempts of dead processes', () => {
  it('are settled behind one whose row somebody keeps locked', async () => {
    const locked = new pg.DatabaseError('canceling statement due to lock timeout', 10, 'error');
    locked.code = '55P03';
    const settled: string[] = [];
    const close = async (attemptId: string) => {
      await Promise.resolve();
      if (attemptId === 'a') throw toTokenlineError(locked);
      settled.push(attemptId);
      return { attemptId, outcome: 'abandoned' };
    };
    const nothing = () => Promise.resolve([]);
    const remains = {
      ...{ youngCodes: nothing, oldCodes: nothing, unpublished: nothing },
      deadAttempts: () => Promise.resolve(['a', 'b', 'c'].map((attemptId) => ({ attemptId }))),
      prune: () => Promise.resolve({ isMoreLeft: false }),
    };
    const escrow = { list: nothing, read: () => Promise.resolve(undefined) };
    const dependencies = {
      ...{ remains, escrow, attempts: { close }, tokens: {}, log: recordingLog() },
      clock: () => new Date(0),
    } as unknown as Dependencies;
    const recovered = await recoverCafe24Grants({ remainingMs: () => 60_000 }, dependencies);
    expect(recovered).toMatchObject({ settled: 2, failed: 1 });
    expect(settled).toEqual(['b', 'c']);
  });
});

describe('grants in escrow', () => {
  it('each have the first turn in some minute: one that takes all the time takes it once', async () => {
    const held = ['a', 'b', 'c'].map((attemptId) => ({ attempt: { attemptId }, save: {} }));
    const nothing = () => Promise.resolve([]);
    const remains = {
      ...{ deadAttempts: nothing, youngCodes: nothing, oldCodes: nothing, unpublished: nothing },
      prune: () => Promise.resolve({ isMoreLeft: false }),
    };
    const firstOf = async (minute: number) => {
      let remainingMs = 60_000;
      const turns: string[] = [];
      const commit = ({ attemptId }: { attemptId: string }) => {
        turns.push(attemptId);
        remainingMs = 0;
        return Promise.resolve();
      };
      const dependencies = {
        ...{ remains, tokens: { refresh_token: { commit } }, log: recordingLog() },
        escrow: { list: () => Promise.resolve(held), delete: () => Promise.resolve() },
        clock: () => new Date(minute * 60_000),
      } as unknown as Dependencies;
      await recoverCafe24Grants({ remainingMs: () => remainingMs }, dependencies);
      return turns;
    };
    expect([await firstOf(0), await firstOf(1), await firstOf(2)]).toEqual([['a'], ['b'], ['c']]);
  });
});

describe('outcomes that were not published', () => {
  const unpublishedOf = (...malls: readonly string[]): UnpublishedOutcome[] =>
    malls.map((subject) => {
      const attemptId = randomUUID();
      const detail = { ...ReauthorizationExample, mallId: subject, attemptId };
      const unpublished = { detailType: 'ReauthorizationRequired', detail };
      return { attemptId, subject, outcome: 'refused', unpublished };
    });

  function stage(outbox: UnpublishedOutcome[]) {
    const bus = scriptedEventBus();
    const nothing = () => Promise.resolve([]);
    const marks: string[] = [];
    const remains = {
      ...{ deadAttempts: nothing, youngCodes: nothing, oldCodes: nothing },
      unpublished: (limit: number, except: readonly string[]) =>
        Promise.resolve(outbox.filter((it) => !except.includes(it.subject)).slice(0, limit)),
      prune: () => Promise.resolve({ isMoreLeft: false }),
    };
    const markPublished = (attemptId: string) => {
      marks.push(attemptId);
      outbox.splice(
        outbox.findIndex((it) => it.attemptId === attemptId),
        1,
      );
      return Promise.resolve();
    };
    const dependencies = {
      ...{ remains, attempts: { markPublished }, escrow: { list: nothing }, log: recordingLog() },
      ...{ bus: gatheredOutcomes(bus.client, 'a-bus'), outcomesAtOnce: 100 },
      clock: () => new Date(0),
    } as unknown as Dependencies;
    const recover = () => recoverCafe24Grants({ remainingMs: () => 60_000 }, dependencies);
    return { bus, marks, outbox, recover };
  }
  beforeEach(() => vi.useRealTimers());

  it('go out ten a call, page after page', async () => {
    const malls = Array.from({ length: 1_200 }, (_, n) => `mall-${n}`);
    const { bus, outbox, recover } = stage(unpublishedOf(...malls));
    expect(await recover()).toMatchObject({ published: 1_200, failed: 0 });
    expect(bus.calls).toHaveLength(120);
    expect(outbox).toEqual([]);
  });

  it('of one mall go out in their order, and none behind one that was not taken', async () => {
    const { bus, marks, outbox, recover } = stage(
      unpublishedOf('a-mall', 'a-mall', 'b-mall', 'b-mall'),
    );
    const [, , first, second] = [...outbox];
    bus.failsWith((index) => (index === 0 ? 'ThrottlingException' : undefined));
    expect(await recover()).toMatchObject({ published: 2, failed: 1 });
    expect(marks).toEqual([first?.attemptId, second?.attemptId]);
    expect(outbox.map(({ subject }) => subject)).toEqual(['a-mall', 'a-mall']);
  });

  it('are not offered one after another to a bus that is away', async () => {
    const malls = Array.from({ length: 300 }, (_, n) => `mall-${n}`);
    const { bus, recover } = stage(unpublishedOf(...malls));
    bus.failsWith(...Array.from({ length: 30 }, () => new Error('away')));
    expect(await recover()).toMatchObject({ published: 0, failed: 100 });
    expect(bus.calls).toHaveLength(10);
  });

  it('which consumers would not understand hold up nobody but their mall', async () => {
    const { outbox, recover } = stage(unpublishedOf('My_Shop', 'a-mall'));
    expect(await recover()).toMatchObject({ published: 1, failed: 1 });
    expect(outbox.map(({ subject }) => subject)).toEqual(['My_Shop']);
  });

  it('hold up nobody, however many fill the pages, and keep their order', async () => {
    const odd = Array.from({ length: 1_100 }, (_, n) => `Odd_${n}`);
    const { outbox, recover } = stage(unpublishedOf(...odd, 'Odd_0', 'a-mall'));
    Object.assign(outbox[1_100] ?? {}, { unpublished: unpublishedOf('a-mall')[0]?.unpublished });
    expect(await recover()).toMatchObject({ published: 1, failed: 1_100 });
    expect(outbox.map(({ subject }) => subject)).toEqual([...odd, 'Odd_0']);
  });
});
