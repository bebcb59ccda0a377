import { beforeEach, describe, expect, it } from 'vitest';
import { claroshopTokens, TokenUnavailableError, type ClaroshopTokens } from '#client/index.ts';
import { fixedClock, type FixedClock } from '#test/support/fixed-clock.ts';

const BUNDLE = '/claroshop/token';

let clock: FixedClock;
let parameters: Map<string, { Value: string; Version: number }>;
let reads: unknown[];
let published: unknown[];
let hold: Promise<void>;
let tokens: ClaroshopTokens;

beforeEach(() => {
  clock = fixedClock();
  parameters = new Map();
  store(7);
  reads = [];
  published = [];
  hold = Promise.resolve();
  tokens = claroshopTokens({
    ssm: { send },
    publisher: { publish: (...event) => Promise.resolve(void published.push(event)) },
    clock: clock.now,
  });
});

async function send({ input }: { input: { Name: string } }) {
  reads.push(input);
  const Parameter = parameters.get(input.Name);
  await hold;
  if (Parameter) return { Parameter };
  throw Object.assign(new Error(input.Name), { name: 'ParameterNotFound' });
}

function bundle(version: number, livesSeconds: number) {
  return {
    access_token: `access-${version}`,
    token_type: 'Bearer',
    expires_in: 300,
    refresh_token: 'refresh',
    obtained_at: clock.now().toISOString(),
    expires_at: new Date(clock.now().getTime() + livesSeconds * 1000).toISOString(),
    attempt_id: '5f2c1d0e-8a4b-4c6d-9e7f-1a2b3c4d5e6f',
  };
}
function store(version: number, { livesSeconds = 300, name = BUNDLE } = {}) {
  parameters.set(name, { Value: JSON.stringify(bundle(version, livesSeconds)), Version: version });
}
const read = () => tokens.claroshopToken();

describe('claroshopToken', () => {
  it('hands out nothing older than before when a read of Parameter Store is old', async () => {
    store(8, { livesSeconds: 300 });
    expect((await read()).version).toBe(8);
    clock.advanceSeconds(250);
    store(7, { livesSeconds: 300 });
    expect((await read()).version).toBe(8);
    clock.advanceSeconds(46);
    expect((await read()).version).toBe(7);
  });

  it('reads a bundle with a byte order mark', async () => {
    const { Value = '', Version = 0 } = parameters.get(BUNDLE) ?? {};
    parameters.set(BUNDLE, { Value: `\u{FEFF}${Value}`, Version });
    expect((await read()).accessToken).toBe('access-7');
  });

  it('hands out the token of the bundle, and nothing else of it', async () => {
    expect(await read()).toEqual({
      account: 'default',
      accessToken: 'access-7',
      tokenType: 'Bearer',
      version: 7,
      expiresAt: new Date(clock.now().getTime() + 300_000),
    });
    expect(reads).toEqual([{ Name: BUNDLE, WithDecryption: true }]);
  });

  it('reads the bundle of another account under the account’s own name', async () => {
    store(3, { name: '/claroshop/accounts/two-seller/token' });
    expect(await tokens.claroshopToken('two-seller')).toMatchObject({
      account: 'two-seller',
      version: 3,
    });
    expect(await read()).toMatchObject({ account: 'default', version: 7 });
  });

  it('reads the bundle once until a minute before the token’s end, then again', async () => {
    await read();
    store(8);
    clock.advanceSeconds(300 - 61);
    expect((await read()).version).toBe(7);
    clock.advanceSeconds(1);
    expect((await read()).version).toBe(8);
    expect(reads).toHaveLength(2);
  });

  it('asks once for many calls at once, and each account for itself', async () => {
    store(1, { name: '/claroshop/accounts/two-seller/token' });
    const calls = Array.from({ length: 50 }, read);
    const all = await Promise.all([...calls, tokens.claroshopToken('two-seller')]);
    expect(all.map(({ version }) => version)).toEqual([...calls.map(() => 7), 1]);
    expect(reads).toHaveLength(2);
  });

  it.each([-1, 0, 4.9])(
    'hands out no token that lives for %s s, and reads again when it is asked again',
    async (livesSeconds) => {
      store(7, { livesSeconds });
      const error = await read().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TokenUnavailableError);
      expect(error).toMatchObject({
        provider: 'claroshop',
        subject: 'default',
        reason: 'expired',
      });
      store(8);
      expect((await read()).version).toBe(8);
    },
  );

  it('counts the time that SSM took to answer', async () => {
    let answer: () => void = () => undefined;
    hold = new Promise((resolve) => (answer = resolve));
    store(7, { livesSeconds: 60 });
    const reading = expect(read()).rejects.toMatchObject({ reason: 'expired' });
    clock.advanceSeconds(56);
    answer();
    await reading;
  });

  it('says that there is no grant where there is no bundle', async () => {
    parameters.clear();
    await expect(read()).rejects.toMatchObject({ reason: 'no-grant' });
  });

  it.each(['', '..', 'two/token', '/claroshop/token', 'Two'])(
    'reads no parameter for %j, which is no account',
    async (account) => {
      await expect(tokens.claroshopToken(account)).rejects.toMatchObject({ reason: 'no-grant' });
      expect(reads).toEqual([]);
    },
  );

  it.each([
    'a secret that is no JSON',
    '{}',
    JSON.stringify({ access_token: 'secret', token_type: 'Bearer' }),
    JSON.stringify({ access_token: 'secret', token_type: 'Bearer', expires_at: 'soon' }),
    JSON.stringify({ access_token: '', token_type: 'secret', expires_at: '2126-01-01T00:00:00Z' }),
  ])('says that it can not read %j, and shows nothing of it', async (Value) => {
    parameters.set(BUNDLE, { Value, Version: 1 });
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'unreadable' });
    expect(String((error as Error).stack)).not.toContain('secret');
    expect(error).not.toHaveProperty('cause');
  });

  it('passes on what SSM throws, and does not keep it', async () => {
    hold = Promise.reject(new Error('throttled'));
    await expect(read()).rejects.toThrow('throttled');
    hold = Promise.resolve();
    expect((await read()).version).toBe(7);
  });
});

describe('reportRejected', () => {
  it('asks for a new token of that version and forgets the refused one', async () => {
    await tokens.reportRejected(await read());
    expect(published).toEqual([
      [
        'TokenExpiryWarning',
        {
          provider: 'claroshop',
          account: 'default',
          version: 7,
          reason: 'rejected',
          metadata: {
            eventId: expect.any(String) as string,
            occurredAt: clock.now().toISOString(),
          },
        },
      ],
    ]);
    store(8);
    expect((await read()).version).toBe(8);
  });

  it('does not keep the refused token again while a new one is under way', async () => {
    await tokens.reportRejected(await read());
    expect((await read()).version).toBe(7);
    store(8);
    expect((await read()).version).toBe(8);
    await read();
    expect(reads).toHaveLength(3);
  });

  it('keeps a newer token than the one that was refused', async () => {
    await read();
    await tokens.reportRejected({ account: 'default', version: 6 });
    await read();
    expect(reads).toHaveLength(1);
  });

  it('leaves the other accounts’ tokens alone', async () => {
    store(3, { name: '/claroshop/accounts/two-seller/token' });
    const other = await tokens.claroshopToken('two-seller');
    await read();
    await tokens.reportRejected(other);
    await read();
    expect(reads).toHaveLength(2);
    expect(published).toMatchObject([[expect.anything(), { account: 'two-seller', version: 3 }]]);
  });

  it('forgets the token also when the bus is away', async () => {
    const lonely = claroshopTokens({
      ssm: { send },
      publisher: { publish: () => Promise.reject(new Error('away')) },
      clock: clock.now,
    });
    await expect(lonely.reportRejected(await lonely.claroshopToken())).rejects.toThrow('away');
    store(8);
    expect((await lonely.claroshopToken()).version).toBe(8);
  });
});
