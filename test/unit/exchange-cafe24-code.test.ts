import { beforeEach, describe, expect, it } from 'vitest';
import type { AuthorizationCodeArrived } from '#events/authorization-code-arrived.ts';
import type { Dependencies } from '#functions/exchange-cafe24-code/dependencies.ts';
import { exchangeCafe24Code } from '#functions/exchange-cafe24-code/exchange-cafe24-code.ts';
import type { Cafe24Grant } from '#shared/cafe24/grant.ts';
import type { Cafe24Ticket } from '#shared/cafe24/oauth.ts';
import { DependencyUnavailableError, PublishFailedError } from '#shared/errors.ts';
import type { OutcomeEvent, Redeemed } from '#shared/grants/ports.ts';
import { beginRequest, someGrant, type Cafe24World } from '#test/support/cafe24-world.ts';
import { fixedClock, type FixedClock } from '#test/support/fixed-clock.ts';
import { inMemoryEscrow } from '#test/support/in-memory-escrow.ts';
import { inMemoryWorld } from '#test/support/in-memory-world.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const MALL = 'test-mall';

let clock: FixedClock;
let world: Cafe24World;
let remainingMs: number;
let posts: Cafe24Ticket[];
let published: OutcomeEvent[];
let answer: () => Redeemed<Cafe24Grant>;
let publish: (event: OutcomeEvent) => Promise<void>;
let dependencies: Dependencies;

beforeEach(() => {
  clock = fixedClock();
  world = inMemoryWorld(clock.now);
  remainingMs = 20_000;
  posts = [];
  published = [];
  answer = () => ({ kind: 'granted', grant: someGrant(MALL) });
  publish = (event) => {
    published.push(event);
    return Promise.resolve();
  };
  let attempts = 0;
  dependencies = {
    malls: new Set([MALL]),
    redirectUri: 'https://tokenline.example/callback',
    codes: world.codes,
    attempts: world.attempts,
    stores: { tokens: world.tokens, escrow: inMemoryEscrow(), pause: () => Promise.resolve() },
    provider: {
      redeem: (ticket) => {
        posts.push(ticket);
        return Promise.resolve(answer());
      },
    },
    bus: { publish: (event) => publish(event) },
    once: (_key, work) => work(),
    clock: clock.now,
    newId: () => `00000000-0000-4000-8000-${String(++attempts).padStart(12, '0')}`,
  };
});

function exchange(detail: AuthorizationCodeArrived): Promise<string> {
  const message = {
    detail,
    messageId: 'message-1',
    publishedAt: clock.now(),
    receiveCount: 1,
    correlationId: 'correlation-1',
    causationId: 'cause-1',
  };
  const context = { log: recordingLog(), deadline: { remainingMs: () => remainingMs } };
  return exchangeCafe24Code({ message, context, dependencies });
}

const withStoredCode = async (ageSeconds = 0) => ({
  mallId: MALL,
  codeId: await world.insertCode(MALL, ageSeconds),
});

describe('exchange-cafe24-code', () => {
  it('redeems a stored code, stores the row and publishes TokenIssued', async () => {
    const detail = await withStoredCode();
    expect(await exchange(detail)).toBe('issued');
    expect(posts).toEqual([
      {
        mallId: MALL,
        form: {
          grant_type: 'authorization_code',
          code: 'code-0',
          redirect_uri: 'https://tokenline.example/callback',
        },
      },
    ]);
    expect(await world.tokenRow(MALL)).toMatchObject({ version: 1, status: 'active' });
    expect(published).toEqual([
      {
        detailType: 'TokenIssued',
        detail: {
          provider: 'cafe24',
          mallId: MALL,
          version: 1,
          expiresAt: '2026-03-01T14:00:00.000Z',
          refreshTokenExpiresAt: '2026-03-15T12:00:00.000Z',
          scopes: ['mall.read_product', 'mall.read_order'],
          attemptId: '00000000-0000-4000-8000-000000000001',
          metadata: {
            eventId: '00000000-0000-4000-8000-000000000001:issued',
            occurredAt: '2026-03-01T12:00:00.000Z',
            correlationId: 'correlation-1',
            causationId: 'cause-1',
          },
        },
      },
    ]);
  });

  it('stores a code that came in the event before it redeems it', async () => {
    expect(await exchange({ mallId: MALL, code: 'inline-code' })).toBe('issued');
    expect(posts[0]?.form['code']).toBe('inline-code');
    expect(await world.codeStatus('1')).toBe('exchanged');
  });

  it('posts a code once and publishes once however often its message comes', async () => {
    const detail = await withStoredCode();
    await exchange(detail);
    expect(await exchange(detail)).toBe('issued');
    expect(posts).toHaveLength(1);
    expect(published).toHaveLength(1);
  });

  it('rejects a mall that is not configured, without a word to it', async () => {
    const error = await exchange({ mallId: 'foreign-mall', code: 'c' }).catch((e: unknown) => e);
    expect(error).toMatchObject({ fate: 'reject', code: 'unknown-mall' });
    expect((error as Error).message).toContain('detail.mallId');
    expect(posts).toEqual([]);
  });

  it('retries a code id that is not stored yet', async () => {
    await expect(exchange({ mallId: MALL, codeId: '404' })).rejects.toMatchObject({
      fate: 'retry',
      code: 'code-not-found',
    });
  });

  it('rejects a code id of another mall', async () => {
    const codeId = await world.insertCode('another-mall');
    await expect(exchange({ mallId: MALL, codeId })).rejects.toMatchObject({
      fate: 'reject',
      code: 'code-of-another-mall',
    });
  });

  it('retries within 5 s while another process works for the mall', async () => {
    const detail = await withStoredCode();
    await world.codes.begin(beginRequest(MALL, detail.codeId));
    const error = await exchange(detail).catch((e: unknown) => e);
    expect(error).toMatchObject({ fate: 'retry', code: 'lease-held' });
    expect((error as DependencyUnavailableError).retryAfterSeconds).toBeLessThanOrEqual(5);
    expect(posts).toEqual([]);
  });

  it('closes what a dead process left behind and redeems the young code', async () => {
    const detail = await withStoredCode();
    const begun = await world.codes.begin(beginRequest(MALL, detail.codeId));
    if (begun.kind !== 'begun') throw new Error(begun.kind);
    await world.expireLease(begun.attempt.attemptId);
    expect(await exchange(detail)).toBe('issued');
  });

  describe('with a code of more than 60 s', () => {
    it('asks nobody and requires a reauthorization of a mall without an active row', async () => {
      expect(await exchange(await withStoredCode(61))).toBe('expired');
      expect(posts).toEqual([]);
      expect(published).toMatchObject([
        { detailType: 'ReauthorizationRequired', detail: { reason: 'code-expired', version: 0 } },
      ]);
    });

    it('touches nothing and tells nothing of a mall with a living grant', async () => {
      await exchange(await withStoredCode());
      const row = await world.tokenRow(MALL);
      await world.ageCodes(MALL, 120);
      expect(await exchange(await withStoredCode(61))).toBe('expired');
      expect(posts).toHaveLength(1);
      expect(published).toHaveLength(1);
      expect(await world.tokenRow(MALL)).toEqual(row);
    });
  });

  describe('when the provider gives no grant', () => {
    it.each([
      ['refused', 'rejected', 'code-rejected'],
      ['unknown', 'unknown', 'code-unknown'],
    ] as const)('ends a code that was %s for good', async (kind, outcome, reason) => {
      answer = () => ({ kind, reason: 'test' });
      const detail = await withStoredCode();
      expect(await exchange(detail)).toBe(outcome);
      expect(await world.codeStatus(detail.codeId)).toBe('rejected');
      expect(published).toMatchObject([
        { detailType: 'ReauthorizationRequired', detail: { reason, version: 0 } },
      ]);
      expect(await exchange(detail)).toBe(outcome);
      expect(posts).toHaveLength(1);
    });

    it.each(['failed', 'misconfigured', 'unrecognized'] as const)(
      'brings a code back that has %s, to be tried while it is young',
      async (kind) => {
        const detail = await withStoredCode();
        answer = () => ({ kind, reason: 'test' });
        await expect(exchange(detail)).rejects.toMatchObject({ fate: 'retry' });
        expect(await world.codeStatus(detail.codeId)).toBe('received');
        answer = () => ({ kind: 'granted', grant: someGrant(MALL) });
        expect(await exchange(detail)).toBe('issued');
      },
    );

    it('writes another mall’s grant nowhere, and posts the code no more', async () => {
      const detail = await withStoredCode();
      answer = () => ({ kind: 'unknown', reason: 'grant-of-another-mall' });
      expect(await exchange(detail)).toBe('unknown');
      expect(await exchange(detail)).toBe('unknown');
      expect(posts).toHaveLength(1);
      expect(await world.tokenRow(MALL)).toBeUndefined();
      expect(await world.codeStatus(detail.codeId)).toBe('rejected');
    });

    it('waits as long as the provider asks', async () => {
      answer = () => ({ kind: 'failed', reason: 'status-429', retryAfterSeconds: 7 });
      await expect(exchange(await withStoredCode())).rejects.toMatchObject({
        retryAfterSeconds: 7,
      });
    });

    it('does not ask when too little time is left to save the answer', async () => {
      remainingMs = 8_000;
      const detail = await withStoredCode();
      await expect(exchange(detail)).rejects.toMatchObject({ code: 'no-time-left' });
      expect(posts).toEqual([]);
      expect(await world.codeStatus(detail.codeId)).toBe('received');
    });
  });

  describe('when a store or the bus is away', () => {
    it('commits again until the grant is stored', async () => {
      let failures = 2;
      dependencies = {
        ...dependencies,
        stores: {
          ...dependencies.stores,
          tokens: {
            commit: (attempt, save, fresh) =>
              failures-- > 0
                ? Promise.reject(new DependencyUnavailableError('database-unavailable', 'test'))
                : world.tokens.commit(attempt, save, fresh),
          },
        },
      };
      expect(await exchange(await withStoredCode())).toBe('issued');
      expect(await world.tokenRow(MALL)).toMatchObject({ version: 1 });
    });

    it('is done also when the bus takes no outcome; a redelivered message publishes it', async () => {
      const detail = await withStoredCode();
      const working = publish;
      publish = () => Promise.reject(new PublishFailedError('test'));
      expect(await exchange(detail)).toBe('issued');
      expect(published).toEqual([]);
      expect(await world.tokenRow(MALL)).toMatchObject({ version: 1 });
      publish = working;
      expect(await exchange(detail)).toBe('issued');
      expect(posts).toHaveLength(1);
      expect(published).toMatchObject([{ detailType: 'TokenIssued' }]);
    });
  });
});
