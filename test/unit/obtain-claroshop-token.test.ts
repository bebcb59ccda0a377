import { describe, expect, it } from 'vitest';
import { ConfigurationError, DependencyUnavailableError } from '#shared/errors.ts';
import { ClaroshopWorld } from '#test/support/claroshop/claroshop-world.ts';
import { inMemoryStores } from '#test/support/claroshop/in-memory-stores.ts';
import { leaveOpenInEscrow } from '#test/support/claroshop/left-in-escrow.ts';
import { Steps } from '#test/support/claroshop/steps.ts';

const SUCCESS = `{
    "statusCode": 200,
    "body": {
        "message": "ClaroShop tokens successfully obtained and stored",
        "expires_in": 300,
        "token_type": "Bearer",
        "scope": "..."
    }
}`;
const FAILURE = `{
    "statusCode": 500,
    "body": {
        "error": "Error message"
    }
}`;

interface Form {
  readonly statusCode: number;
  readonly body: Record<string, unknown>;
}

const make = (account?: string) => new ClaroshopWorld(inMemoryStores().storesOf, account);
const textOf = (answer: unknown) => JSON.stringify(answer);

/** Same keys in the same order, and each value of the same type. */
function expectForm(answer: unknown, text: string): void {
  const [form, actual] = [JSON.parse(text) as Form, answer as Form];
  expect(Object.keys(actual)).toEqual(Object.keys(form));
  expect(Object.keys(actual.body)).toEqual(Object.keys(form.body));
  expect(actual.statusCode).toBe(form.statusCode);
  for (const [key, value] of Object.entries(form.body)) {
    expect(typeof actual.body[key]).toBe(typeof value);
  }
}

/** Waits until the signal among the arguments of a call says that it is over: without one for ever. */
function abortOf(args: readonly unknown[]): Promise<void> {
  const signal = args.find((it) => it instanceof AbortSignal);
  return new Promise((over) => {
    signal?.addEventListener('abort', () => {
      over();
    });
  });
}

describe('obtain-claroshop-token', () => {
  it('answers a success to the letter of the requirement', async () => {
    const answer = await make().process().obtain();
    expectForm(answer, SUCCESS);
    expect(answer).toEqual({
      statusCode: 200,
      body: {
        message: 'ClaroShop tokens successfully obtained and stored',
        expires_in: 300,
        token_type: 'Bearer',
        scope: 'profile email',
      },
    });
  });

  it('has the same keys when ClaroShop names no scope', async () => {
    const world = make();
    world.realm.grantChanges = { scope: undefined };
    expectForm(await world.process().obtain(), SUCCESS);
  });

  const scheduled = {
    version: '0',
    id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '123456789012',
    time: '2026-03-01T12:00:00Z',
    region: 'us-east-1',
    resources: ['arn:aws:events:us-east-1:123456789012:rule/my-schedule'],
    detail: {},
  };

  /** What the console of Lambda offers to send. */
  const template = { key1: 'value1', key2: 'value2', key3: 'value3' };

  it.each([undefined, null, {}, { account: null }, template, 'a text', 7, scheduled])(
    'is about the default account when it is invoked with %j',
    async (input) => {
      const world = make('default');
      expect(await world.process().obtain(input)).toMatchObject({ statusCode: 200 });
      expect(world.published).toMatchObject([{ detail: { account: 'default' } }]);
    },
  );

  it.each([{ account: 'nobody' }, { account: '../x' }, { account: 7 }])(
    'answers a failure for %j',
    async (input) => {
      const answer = await make('default').process().obtain(input);
      expectForm(answer, FAILURE);
      expect(textOf(answer)).toContain('account');
    },
  );

  it('obtains new tokens although there are some that live', async () => {
    const world = make();
    await world.process().refresh();
    expect(await world.process().obtain()).toMatchObject({ statusCode: 200 });
    expect(await world.bundle()).toMatchObject({ version: 2 });
  });

  it('waits for who has the lease, and answers from what that one stores', async () => {
    const world = make();
    let answer = (): void => undefined;
    world.realm.delay = () => new Promise<void>((resolve) => (answer = resolve));
    world.realm.grantChanges = { obtainedAt: world.clock.now() };
    const refreshed = world.process().refresh();
    while (world.realm.posts.length === 0) await new Promise((done) => setTimeout(done, 1));
    world.clock.advanceSeconds(3);
    const obtained = world.process().obtain();
    await new Promise((done) => setTimeout(done, 20));
    answer();
    expect(await refreshed).toBe('issued');
    expect(await obtained).toMatchObject({ statusCode: 200 });
    expect(world.realm.posts).toHaveLength(1);
  });

  it.each([
    ['its attempt is settled by the invocation itself', 0],
    ['it is installed by a sweep meanwhile', 1],
  ])('obtains a new token although an older one comes out of escrow: %s', async (_, sweeps) => {
    const world = make();
    await leaveOpenInEscrow(world);
    world.clock.advanceSeconds(100);
    let calls = 0;
    const steps = new Steps(undefined, async () => {
      if (calls++ === 2 && sweeps === 1) await world.process().sweep();
    });
    expect(await world.process(steps).obtain()).toMatchObject({ statusCode: 200 });
    const { version, bundle } = await world.bundle();
    expect(version).toBe(3);
    expect(bundle?.obtained_at).toBe(world.clock.now().toISOString());
  });

  it('obtains a new token although a sweep was taking an older one out of escrow when it began', async () => {
    const world = make();
    await leaveOpenInEscrow(world);
    world.clock.advanceSeconds(100);
    let obtained: Promise<unknown> | undefined;
    const steps: Steps = new Steps(undefined, async () => {
      if (obtained !== undefined || steps.names.at(-1) !== 'attempts.takeOver') return;
      obtained = world.process().obtain();
      // It has looked who works for the account, and waits.
      await new Promise((done) => setTimeout(done, 20));
    });
    await world.process(steps).sweep();
    expect(await obtained).toMatchObject({ statusCode: 200 });
    const { version, bundle } = await world.bundle();
    expect(version).toBe(3);
    expect(bundle?.obtained_at).toBe(world.clock.now().toISOString());
  });

  it('is no success with a token that has ended already', async () => {
    const world = make();
    world.realm.grantChanges = { expiresIn: 0 };
    const answer = await world.process().obtain();
    expectForm(answer, FAILURE);
    expect(textOf(answer)).toContain('has ended already');
    expect(world.realm.posts).toHaveLength(1);
  });

  it.each([
    ['status-503', /status-503/],
    ['timeout', /timeout/],
  ])('says what failed: %s, and again while the account rests', async (reason, words) => {
    const world = make();
    world.realm.answer = () => Promise.resolve({ kind: 'failed', reason });
    for (let invocations = 0; invocations < 2; invocations++) {
      const answer = await world.process().obtain();
      expectForm(answer, FAILURE);
      expect(textOf(answer)).toMatch(words);
    }
    expect(world.realm.posts).toHaveLength(1);
  });

  it('says that the credentials are refused, and neither name nor password', async () => {
    const world = make();
    world.credentials = { username: 'seller@example', password: 'sesame-wrong' };
    for (let invocations = 0; invocations < 3; invocations++) {
      const answer = await world.process().obtain();
      expectForm(answer, FAILURE);
      expect(textOf(answer)).toMatch(/invalid-credentials/);
      expect(textOf(answer)).not.toMatch(/sesame|seller/);
    }
    expect(world.realm.posts).toHaveLength(1);
  });

  it('answers a failure when a store is away, and hides what an unknown error says', async () => {
    const world = make();
    const process = world.process();
    const failWith = (error: Error) => {
      Object.assign(process.grants.tokens, { read: () => Promise.reject(error) });
      return process.obtain();
    };
    const away = new DependencyUnavailableError('ssm-unavailable', 'Parameter Store is away.');
    expect(await failWith(away)).toEqual({
      statusCode: 500,
      body: { error: 'Parameter Store is away.' },
    });
    const answer = await failWith(new Error('token=sesame'));
    expectForm(answer, FAILURE);
    expect(textOf(answer)).not.toContain('sesame');
  });

  it('names our own fault in its log, for the alarm that counts it', async () => {
    const world = make();
    const process = world.process();
    const fault = new ConfigurationError('Parameter Store answers AccessDeniedException.');
    Object.assign(process.grants.tokens, { read: () => Promise.reject(fault) });
    expectForm(await process.obtain(), FAILURE);
    expect(world.log.lines.map(({ fields }) => fields['code'])).toEqual(['misconfigured']);
  });

  it('tells its log what it waits for while a store is away', async () => {
    const world = make();
    const process = world.process();
    let left = 30_000;
    process.deadline.remainingMs = () => left;
    const away = new DependencyUnavailableError('secret-unavailable', 'Can not read it.');
    const read = () => {
      left = 1_000;
      return Promise.reject(away);
    };
    Object.assign(process.grants, { credentialsOf: () => ({ read }) });
    expectForm(await process.obtain(), FAILURE);
    const { account } = world;
    expect(world.log.lines.find(({ message }) => message === 'not-obtained-yet')).toMatchObject({
      fields: { account, code: 'secret-unavailable', error: away },
    });
  });

  it.each(['close', 'succeed', 'refuseCredentials'] as const)(
    'answers at its deadline when the store does not answer to the end of its attempt: %s',
    async (method) => {
      const world = make();
      if (method === 'succeed') await world.process().refresh();
      const process = world.process();
      let left = 30_000;
      process.deadline.remainingMs = () => left;
      world.realm.answer = () => {
        left = 1_010;
        const kind = method === 'close' ? 'failed' : 'refused';
        return Promise.resolve({ kind, reason: 'a-reason' });
      };
      const hang = async (...args: object[]) => {
        await abortOf([...args, ...args.flatMap((it) => Object.values<unknown>({ ...it }))]);
        left = 500;
        throw new DependencyUnavailableError('dynamodb-unavailable', 'DynamoDB is away.');
      };
      const attemptsOf = () => ({ ...world.attempts, [method]: hang });
      Object.assign(process.grants, { attemptsOf });
      const answer = await process.obtain();
      expectForm(answer, FAILURE);
      expect(textOf(answer)).toContain('DynamoDB is away.');
    },
  );

  it('says what refused it when no time is left, and nothing of another attempt', async () => {
    const world = make();
    const process = world.process();
    let left = 60_000;
    process.deadline.remainingMs = () => (left -= 500);
    const begin = () =>
      Promise.reject(new DependencyUnavailableError('dynamodb-unavailable', 'DynamoDB is away.'));
    Object.assign(process.grants, { attemptsOf: () => ({ ...world.attempts, begin }) });
    expect(await process.obtain()).toEqual({
      statusCode: 500,
      body: { error: 'DynamoDB is away.' },
    });
  });

  it('says that nobody was asked when there was no time from the start', async () => {
    const process = make().process();
    process.deadline.remainingMs = () => 1_000;
    expect(textOf(await process.obtain())).toMatch(/Too little time/);
  });

  it('tells its log of each failure whose account it is, and what was answered', async () => {
    const world = make();
    world.realm.answer = () => Promise.resolve({ kind: 'failed', reason: 'status-503' });
    await world.process().obtain();
    await world.process().obtain();
    const lines = world.log.lines.filter(({ message }) => message === 'not-obtained');
    expect(lines.map(({ fields }) => fields)).toEqual([
      { account: world.account, reason: 'ClaroShop gave no token (status-503).' },
      { account: world.account, reason: expect.stringContaining('It rests') as string },
    ]);
  });

  it('answers at its deadline when another attempt does not end', async () => {
    const world = make();
    world.realm.delay = () => new Promise(() => undefined);
    void world.process().refresh();
    while (world.realm.posts.length === 0) await new Promise((done) => setTimeout(done, 1));
    const process = world.process();
    let left = 12_000;
    process.deadline.remainingMs = () => (left -= 500);
    const answer = await process.obtain();
    expectForm(answer, FAILURE);
    expect(textOf(answer)).toMatch(/under way/);
  });
});
