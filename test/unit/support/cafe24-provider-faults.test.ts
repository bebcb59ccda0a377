import { describe, expect, test } from 'vitest';
import type { Configuration } from '#test/support/cafe24-provider/switches.ts';
import { mallId, unplugged } from '#test/support/cafe24-provider/unplugged.ts';

type FaultSwitch = NonNullable<Configuration['fault']>;

const faults: { fault: FaultSwitch; seen: object }[] = [
  { fault: { kind: 'status', status: 503 }, seen: { kind: 'http', status: 503 } },
  {
    fault: { kind: 'status', status: 429, retryAfter: '7' },
    seen: { kind: 'http', status: 429, headers: { 'retry-after': '7' } },
  },
  {
    fault: { kind: 'html', status: 502 },
    seen: { kind: 'http', status: 502, headers: { 'content-type': 'text/html' } },
  },
  {
    fault: { kind: 'redirect', location: 'https://elsewhere.example/' },
    seen: { kind: 'http', status: 302, headers: { location: 'https://elsewhere.example/' } },
  },
  { fault: { kind: 'reset' }, seen: { kind: 'reset' } },
  { fault: { kind: 'hang' }, seen: { kind: 'hang' } },
];

describe.each(faults)('the fault $fault.kind', ({ fault, seen }) => {
  test('before issuing leaves the grant as it is', () => {
    const { provider, configure, authorized, refresh } = unplugged();
    const token = authorized();
    configure({ fault, nextRequests: 1 });
    expect(refresh(token)).toMatchObject(seen);
    expect(provider.isAlive(token)).toBe(true);
    expect(refresh(token).status).toBe(200);
  });

  test('after issuing costs the grant, and the memory knows what was issued', () => {
    const { provider, configure, authorized, refresh } = unplugged();
    const token = authorized();
    configure({ fault: { ...fault, afterIssuing: true }, nextRequests: 1 });
    expect(refresh(token)).toMatchObject(seen);
    expect(provider.isAlive(token)).toBe(false);
    expect(provider.memory(mallId).requests.at(-1)).toMatchObject({ issuedPairId: 'pair-2' });
    expect(refresh(token).status).toBe(400);
  });
});

describe('switches', () => {
  test('hold until they are healed, which forgets nothing that was issued', () => {
    const { provider, configure, authorized, refresh } = unplugged();
    const token = authorized();
    configure({ fault: { kind: 'status', status: 500 } });
    expect([refresh(token).status, refresh(token).status]).toEqual([500, 500]);
    provider.heal(mallId);
    expect(refresh(token).status).toBe(200);
  });

  test('for the next requests follow each other as a script', () => {
    const { configure, authorized, refresh } = unplugged();
    const token = authorized();
    configure({ fault: { kind: 'status', status: 500 }, nextRequests: 2 });
    configure({ fault: { kind: 'status', status: 429 }, nextRequests: 1 });
    const seen = [1, 2, 3, 4].map(() => refresh(token).status);
    expect(seen).toEqual([500, 500, 429, 200]);
  });

  test('of all malls hold for each, unless a mall has its own', () => {
    const { provider, send } = unplugged();
    provider.configure('*', { fault: { kind: 'status', status: 500 } });
    provider.configure('mall-two', { fault: null });
    const form = { grant_type: 'refresh_token', refresh_token: 'any' };
    expect(send(form).status).toBe(500);
    expect(send(form, { mallId: 'mall-two' }).status).toBe(400);
    provider.heal('*');
    expect(send(form).status).toBe(400);
  });

  test('of all malls for the next requests are used up by any mall', () => {
    const { provider, send } = unplugged();
    const form = { grant_type: 'refresh_token', refresh_token: 'any' };
    provider.configure('*', { fault: { kind: 'status', status: 500 }, nextRequests: 2 });
    const seen = ['mall-one', 'mall-two', 'mall-one'].map(
      (to) => send(form, { mallId: to }).status,
    );
    expect(seen).toEqual([500, 500, 400]);
  });

  test('thrown one after the other add up', () => {
    const { provider, configure, exchange } = unplugged();
    configure({ accessSeconds: 5 });
    configure({ omit: ['shop_no'] });
    const { json } = exchange(provider.issueCode(mallId));
    expect(json).toMatchObject({ expires_at: '2026-03-01T21:00:05.000' });
    expect(json).not.toHaveProperty('shop_no');
  });

  test.each([
    [{ delaysMs: 3 }, /delaysMs/],
    [{ delayMs: 'long' }, /delayMs/],
    [{ fault: { kind: 'explosion' } }, /fault/],
    [{ nextRequests: 0 }, /nextRequests/],
  ])('that make no sense (%o) are refused by name', (switches, problem) => {
    const { provider } = unplugged();
    expect(() => {
      provider.configure(mallId, switches);
    }).toThrow(problem);
  });
});
