import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Attempt, Escrow } from '#shared/grants/ports.ts';
import { saveGrant } from '#shared/grants/save-grant.ts';
import { postgresDatabase } from '#shared/postgres/database.ts';
import { fixedSecret } from '#shared/ssm/secret.ts';
import { beginRequest, someGrant, toSave, type Cafe24World } from '#test/support/cafe24-world.ts';
import { countedStatements, type CountedStatements } from '#test/support/counted-statements.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { inMemoryEscrow } from '#test/support/in-memory-escrow.ts';
import { postgresWorld } from '#test/support/postgres-world.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const COMMIT = 'insert into cafe24.oauth_tokens as stored';
const CLOSE = 'closed as (';

let test: TestDatabase;
let counted: CountedStatements;
let world: Cafe24World;
let serial = 0;
beforeAll(async () => {
  test = await createTestDatabase(inject('localAws').postgres);
  const { PGDATABASE: name } = test.config;
  // Looked for once, so long after a wait began: later than a test needs, before the wait's end.
  await test.sql(`alter database ${name} set deadlock_timeout = '400ms'`);
  await test.sql(
    `alter table cafe24.oauth_tokens
       add constraint writable check (mall_id not like 'unwritable%')`,
  );
  await test.sql(
    `alter table cafe24.token_attempts
       add constraint may_begin check (mall_id not like 'unable%')`,
  );
  await test.sql(
    `alter table cafe24.oauth_authorization_codes
       add constraint may_arrive check (mall_id not like 'unwelcome%')`,
  );
});
afterAll(() => test.drop());
beforeEach(() => {
  counted = countedStatements(test.database);
  world = postgresWorld({ ...test, database: counted.database });
});

const malls = (...names: readonly string[]) => {
  serial += 1;
  return names.map((name) => `${name}-${String(serial)}`);
};
const beginAll = async (mallIds: readonly string[]) => {
  const codeIds = await Promise.all(mallIds.map((mallId) => world.insertCode(mallId)));
  return await Promise.allSettled(
    mallIds.map((mallId, at) => world.codes.begin(beginRequest(mallId, codeIds[at]!))),
  );
};
const attemptsOf = async (mallIds: readonly string[]): Promise<readonly Attempt[]> =>
  (await beginAll(mallIds)).map((settled) => {
    if (settled.status === 'rejected') throw settled.reason;
    if (settled.value.kind !== 'begun') throw new Error(settled.value.kind);
    return settled.value.attempt;
  });
const commitAll = (attempts: readonly Attempt[], { tokens }: Cafe24World = world) =>
  Promise.allSettled(
    attempts.map((attempt) =>
      tokens.commit(attempt, toSave(someGrant(attempt.subject), attempt), false),
    ),
  );
const issued = { status: 'fulfilled', value: { outcome: 'issued' } };

/** Another transaction, on a connection of its own. */
async function withTransaction<Result>(
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const { PGHOST: host, PGPORT: port, PGUSER: user, PGDATABASE: database } = test.config;
  const client = new pg.Client({ host, port, user, database, password: test.password });
  await client.connect();
  try {
    await client.query(`set deadlock_timeout = '10s'`);
    await client.query('begin');
    return await work(client);
  } finally {
    await client.end();
  }
}

const lockRow = (client: pg.Client, mallId: string) =>
  client.query('select from cafe24.oauth_tokens where mall_id = $1 for update', [mallId]);

/** As an invocation saves the grant of an attempt, with time enough. */
const saveInTime = (attempt: Attempt, escrow: Escrow<Cafe24Grant>) =>
  saveGrant(attempt, toSave(someGrant(attempt.subject), attempt), {
    stores: { tokens: world.tokens, escrow, pause: () => Promise.resolve() },
    deadline: { remainingMs: () => 20_000 },
    log: recordingLog(),
  });

describe('a set of which one row can not be written', () => {
  it('begins all the others, and the one fails with its own error', async () => {
    const begun = await beginAll(malls('able', 'unable', 'capable'));
    expect(begun).toMatchObject([
      { value: { kind: 'begun' } },
      { reason: { code: 'database-refused', fate: 'reject' } },
      { value: { kind: 'begun' } },
    ]);
  });

  it('commits all the others, and the one fails with its own error', async () => {
    const attempts = await attemptsOf(malls('a', 'unwritable', 'b', 'c'));
    counted = countedStatements(test.database);
    expect(await commitAll(attempts)).toMatchObject([
      issued,
      {
        reason: {
          code: 'database-refused',
          message: expect.stringContaining('writable') as string,
        },
      },
      issued,
      issued,
    ]);
  });

  it('stores all the other codes', async () => {
    const stored = await Promise.allSettled(
      malls('welcome', 'unwelcome').map((mallId) =>
        world.codes.store({ mallId, code: 'inline', receivedAt: new Date() }),
      ),
    );
    expect(stored.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('saves all the others while somebody else keeps the one locked, which goes into escrow', async () => {
    const mallIds = malls('a', 'locked', 'z');
    await commitAll(await attemptsOf(mallIds));
    await world.ageCodes(mallIds[1]!, 1);
    const attempts = await attemptsOf(mallIds);
    counted = countedStatements(test.database);
    world = postgresWorld({ ...test, database: counted.database });
    const escrow = inMemoryEscrow<Cafe24Grant>();
    const saved = await withTransaction(async (client) => {
      await lockRow(client, mallIds[1]!);
      return await Promise.all(attempts.map((attempt) => saveInTime(attempt, escrow)));
    });
    expect(saved).toMatchObject([{ outcome: 'issued' }, 'escrowed', { outcome: 'issued' }]);
    expect([...escrow.held.keys()]).toEqual([attempts[1]!.attemptId]);
    // One that all shared, one for each of the others, and two for the one.
    expect(counted.count(COMMIT)).toBe(5);
  });
});

describe('a set that loses a deadlock', () => {
  it('is saved at the next try, each of it alone', async () => {
    const mallIds = malls('a', 'b');
    await commitAll(await attemptsOf(mallIds));
    const attempts = await attemptsOf(mallIds);
    // Connections made from now on look for deadlocks after 400 ms.
    const database = postgresDatabase(test.config, fixedSecret(test.password), recordingLog());
    counted = countedStatements(database);
    world = postgresWorld({ ...test, database: counted.database });
    const escrow = inMemoryEscrow<Cafe24Grant>();
    const saved = await withTransaction(async (client) => {
      await lockRow(client, mallIds[1]!);
      const saving = Promise.all(attempts.map((attempt) => saveInTime(attempt, escrow)));
      await expect.poll(blocked, { interval: 10 }).toBe(1);
      await lockRow(client, mallIds[0]!);
      await client.query('commit');
      return await saving;
    });
    await database.end();
    expect(saved).toMatchObject([{ outcome: 'issued' }, { outcome: 'issued' }]);
    expect(counted.count(COMMIT)).toBe(3);
  });
});

describe('a call that waits too long for a lock', () => {
  it('goes through at its second try, when the lock was given up meanwhile', async () => {
    const [attempt] = (await attemptsOf(malls('held'))) as [Attempt];
    counted = countedStatements(test.database);
    world = postgresWorld({ ...test, database: counted.database });
    const closed = await withTransaction(async (client) => {
      await client.query('select from cafe24.token_attempts where attempt_id = $1 for update', [
        attempt.attemptId,
      ]);
      const closing = world.attempts.close(attempt.attemptId, {
        outcome: 'rejected',
        reason: 'test',
      });
      await expect.poll(() => counted.count(CLOSE), { interval: 10 }).toBe(2);
      await client.query('commit');
      return await closing;
    });
    expect(closed).toMatchObject({ outcome: 'rejected' });
    expect(counted.count(CLOSE)).toBe(2);
  });
});

describe('two sets about the same malls, given in opposite order', () => {
  // On a machine that is busy a wait may end by its time-out before the lock is given up.
  it('wait for each other and never deadlock', { retry: 2 }, async () => {
    const ROUNDS = 5;
    const opened = [1, 2].map(() =>
      postgresDatabase(test.config, fixedSecret(test.password), recordingLog()),
    );
    const sets = opened.map((database) => countedStatements(database));
    const worlds = sets.map(({ database }) => postgresWorld({ ...test, database }));
    for (let round = 0; round < ROUNDS; round++) {
      const mallIds = malls(...Array.from({ length: 10 }, (_, at) => `both-${String(at)}`));
      await commitAll(await attemptsOf(mallIds));
      const given = await attemptsOf(mallIds);
      for (const { attemptId } of given) {
        await world.attempts.close(attemptId, { outcome: 'abandoned', reason: 'test' });
      }
      // One by one, so that their rows lie in the opposite order too.
      const later: Attempt[] = [];
      for (const mallId of mallIds.toReversed()) later.push(...(await attemptsOf([mallId])));
      const orders = [given, later];
      // Both come as far as the mall in the middle: what they have locked by then shows their order.
      await withTransaction(async (client) => {
        await client.query('select from cafe24.oauth_tokens where mall_id = $1 for update', [
          mallIds[5],
        ]);
        const committing = orders.map((attempts, at) => commitAll(attempts, worlds[at]));
        await expect.poll(blocked, { interval: 10 }).toBe(2);
        await client.query('commit');
        const committed = (await Promise.all(committing)).flat();
        expect(committed.every(({ status }) => status === 'fulfilled')).toBe(true);
      });
    }
    expect(sets.map((set) => set.count(COMMIT))).toEqual([ROUNDS, ROUNDS]);
    await Promise.all(opened.map((database) => database.end()));
  });
});

/** How many statements wait for a lock. */
async function blocked(): Promise<unknown> {
  const [row] = await test.sql(
    `select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.['waiting'];
}

describe('a database that is away as a whole', () => {
  it('is asked once, not once for each record', async () => {
    const attempts = await attemptsOf(malls('a', 'b', 'c'));
    const away = { ...test.config, PGPORT: 1 };
    const database = postgresDatabase(away, fixedSecret('x'), recordingLog());
    counted = countedStatements(database);
    world = postgresWorld({ ...test, database: counted.database });
    const failed = await commitAll(attempts);
    expect(failed.every(({ status }) => status === 'rejected')).toBe(true);
    expect(counted.count(COMMIT)).toBe(1);
    await database.end();
  });
});
