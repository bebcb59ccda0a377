import { beforeEach, describe, expect, it } from 'vitest';
import { cafe24Tokens, TokenUnavailableError, type Cafe24Tokens } from '#client/index.ts';
import { fixedClock, type FixedClock } from '#test/support/fixed-clock.ts';

interface Row {
  version: number;
  status: string;
  livesSeconds: number;
}

let clock: FixedClock;
let rows: Map<string, Row>;
let queries: string[];
let published: unknown[];
let hold: Promise<void>;
let tokens: Cafe24Tokens;

beforeEach(() => {
  clock = fixedClock();
  rows = new Map([['demo-mall', { version: 7, status: 'active', livesSeconds: 7_200 }]]);
  queries = [];
  published = [];
  hold = Promise.resolve();
  tokens = cafe24Tokens({
    database: { query },
    publisher: { publish: (...event) => Promise.resolve(void published.push(event)) },
    clock: clock.now,
  });
});

/** As pg answers: bigint and double as text or number, whatever parsers the application has set. */
async function query(_text: string, values: unknown[]) {
  const mallId = values[0] as string;
  queries.push(mallId);
  const row = rows.get(mallId);
  await hold;
  if (row === undefined) return { rows: [] };
  const { version, status, livesSeconds } = row;
  const lives_ms = livesSeconds * 1000;
  const expires_at_ms = String(clock.now().getTime() + lives_ms);
  const access_token = `access-${version}`;
  return { rows: [{ access_token, version: String(version), status, expires_at_ms, lives_ms }] };
}

const store = (row: Partial<Row>) => {
  rows.set('demo-mall', { ...rows.get('demo-mall')!, ...row });
};
const read = () => tokens.cafe24Token('demo-mall');

describe('cafe24Token', () => {
  it('hands out the token of the row', async () => {
    expect(await read()).toEqual({
      mallId: 'demo-mall',
      accessToken: 'access-7',
      version: 7,
      expiresAt: new Date(clock.now().getTime() + 7_200_000),
    });
  });

  it('looks again after two hours at a row that seems to live for ever', async () => {
    store({ livesSeconds: 8_000 * 365 * 86_400 });
    await read();
    clock.advanceSeconds(7_200);
    await read();
    expect(queries).toHaveLength(2);
  });

  it('reads the row once until a minute before the token’s end, then again', async () => {
    await read();
    store({ version: 8 });
    clock.advanceSeconds(7_200 - 61);
    expect((await read()).version).toBe(7);
    clock.advanceSeconds(1);
    expect((await read()).version).toBe(8);
    expect(queries).toHaveLength(2);
  });

  it('reads the row each time while its token is in its last minute', async () => {
    store({ livesSeconds: 30 });
    expect((await read()).version).toBe(7);
    store({ version: 8, livesSeconds: 7_200 });
    expect((await read()).version).toBe(8);
  });

  it('asks once for many calls at once, and each mall for itself', async () => {
    rows.set('other-mall', { version: 1, status: 'active', livesSeconds: 100 });
    const all = await Promise.all([
      ...Array.from({ length: 50 }, read),
      tokens.cafe24Token('other-mall'),
    ]);
    expect(all.map(({ version }) => version)).toEqual([...Array.from({ length: 50 }, () => 7), 1]);
    expect(queries.sort()).toEqual(['demo-mall', 'other-mall']);
  });

  it.each([
    ['no-grant', undefined],
    [
      'reauthorization-required',
      { version: 7, status: 'reauthorization-required', livesSeconds: 99 },
    ],
    ['reauthorization-required', { version: 7, status: 'revoked', livesSeconds: -1 }],
    ['expired', { version: 7, status: 'active', livesSeconds: 0 }],
    ['expired', { version: 7, status: 'active', livesSeconds: 4.9 }],
  ])('throws %s for the row %j, and reads again when it is asked again', async (reason, row) => {
    if (row === undefined) rows.delete('demo-mall');
    else store(row);
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TokenUnavailableError);
    expect(error).toMatchObject({
      name: 'TokenUnavailableError',
      provider: 'cafe24',
      subject: 'demo-mall',
      reason,
    });
    rows.set('demo-mall', { version: 8, status: 'active', livesSeconds: 7_200 });
    expect((await read()).version).toBe(8);
  });

  it('counts the time that the database took to answer', async () => {
    let answer: () => void = () => undefined;
    hold = new Promise((resolve) => (answer = resolve));
    store({ livesSeconds: 60 });
    const reading = expect(read()).rejects.toMatchObject({ reason: 'expired' });
    clock.advanceSeconds(56);
    answer();
    await reading;
  });

  it('passes on what the database throws, and does not keep it', async () => {
    hold = Promise.reject(new Error('connection lost'));
    await expect(read()).rejects.toThrow('connection lost');
    hold = Promise.resolve();
    expect((await read()).version).toBe(7);
  });
});

describe('reportRejected', () => {
  it('asks for a refresh of that version and forgets the token', async () => {
    await read();
    await tokens.reportRejected('demo-mall', 7);
    expect(published).toEqual([
      [
        'TokenExpiryWarning',
        {
          provider: 'cafe24',
          mallId: 'demo-mall',
          version: 7,
          reason: 'rejected',
          metadata: {
            eventId: expect.any(String) as string,
            occurredAt: clock.now().toISOString(),
          },
        },
      ],
    ]);
    store({ version: 8 });
    expect((await read()).version).toBe(8);
  });

  it('keeps a newer token than the one that was refused', async () => {
    await read();
    await tokens.reportRejected('demo-mall', 6);
    await read();
    expect(queries).toHaveLength(1);
  });

  it('does not keep the refused token again while its refresh is under way', async () => {
    await tokens.reportRejected('demo-mall', 7);
    expect((await read()).version).toBe(7);
    store({ version: 8 });
    expect((await read()).version).toBe(8);
    await read();
    expect(queries).toHaveLength(2);
  });

  it('does not keep it either when its row was being read meanwhile', async () => {
    let answer: () => void = () => undefined;
    hold = new Promise((resolve) => (answer = resolve));
    const reading = read();
    await tokens.reportRejected('demo-mall', 7);
    answer();
    await reading;
    store({ version: 8 });
    expect((await read()).version).toBe(8);
  });

  it('forgets the token also when the bus is away', async () => {
    await read();
    const away = () => Promise.reject(new Error('away'));
    const options = { database: { query }, publisher: { publish: away }, clock: clock.now };
    const lonely = cafe24Tokens(options);
    await lonely.cafe24Token('demo-mall');
    await expect(lonely.reportRejected('demo-mall', 7)).rejects.toThrow('away');
    store({ version: 8 });
    expect((await lonely.cafe24Token('demo-mall')).version).toBe(8);
  });
});
