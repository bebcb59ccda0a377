import { expect, test } from 'vitest';
import {
  mallId,
  refreshTokenOf,
  rightRequest,
  unplugged,
} from '#test/support/cafe24-provider/unplugged.ts';

test('every token request is remembered in order, with what it used, got and was told', () => {
  const { provider, exchange, refresh, pass } = unplugged();
  const code = provider.issueCode(mallId);
  const first = refreshTokenOf(exchange(code));
  pass(10);
  refresh(first);
  refresh(first);
  expect(provider.memory(mallId).requests).toEqual([
    {
      receivedAt: '2026-03-01T12:00:00.000Z',
      grantType: 'authorization_code',
      codeId: 'code-1',
      redeemedPairId: null,
      issuedPairId: 'pair-1',
      status: 200,
      error: null,
      end: 'answered',
      endedAt: '2026-03-01T12:00:00.000Z',
    },
    expect.objectContaining({
      receivedAt: '2026-03-01T12:00:10.000Z',
      grantType: 'refresh_token',
      redeemedPairId: 'pair-1',
      issuedPairId: 'pair-2',
      status: 200,
    }),
    expect.objectContaining({
      redeemedPairId: 'pair-1',
      issuedPairId: null,
      status: 400,
      error: 'invalid_grant',
    }),
  ]);
});

test('codes are remembered with their times and what they brought', () => {
  const { provider, exchange, pass } = unplugged();
  const code = provider.issueCode(mallId);
  provider.issueCode(mallId);
  pass(5);
  exchange(code);
  expect(provider.memory(mallId).codes).toMatchObject([
    {
      id: 'code-1',
      code,
      issuedAt: '2026-03-01T12:00:00.000Z',
      expiresAt: '2026-03-01T12:01:00.000Z',
      usedAt: '2026-03-01T12:00:05.000Z',
      familyId: 'family-1',
    },
    { id: 'code-2', usedAt: null, familyId: null },
  ]);
});

test('a family keeps its pairs, and one refresh token of it is alive', () => {
  const { provider, authorized, refresh } = unplugged();
  const second = refreshTokenOf(refresh(authorized()));
  const { families, aliveRefreshTokens } = provider.memory(mallId);
  expect(families).toMatchObject([
    {
      codeId: 'code-1',
      pairs: [
        { id: 'pair-1', rotatedAt: '2026-03-01T12:00:00.000Z', successorId: 'pair-2' },
        { id: 'pair-2', refreshToken: second, rotatedAt: null },
      ],
    },
  ]);
  expect(aliveRefreshTokens).toEqual([second]);
});

test('requests in flight are counted by grant type, with their maximum', () => {
  const { provider } = unplugged();
  const open = (grant_type: string) =>
    provider.receiveTokenRequest(mallId, rightRequest({ grant_type }));
  const refreshes = [open('refresh_token'), open('refresh_token')];
  open('authorization_code');
  refreshes[0]?.finish('answered');
  refreshes[0]?.finish('client-gone');
  expect(provider.memory(mallId)).toMatchObject({
    inFlight: { refresh_token: 1, authorization_code: 1 },
    maxInFlight: { refresh_token: 2, authorization_code: 1 },
  });
  expect(provider.memory(mallId).requests.map(({ end }) => end)).toEqual([
    'answered',
    'pending',
    'pending',
  ]);
  refreshes[1]?.finish('reset');
  open('refresh_token');
  expect(provider.memory(mallId).maxInFlight.refresh_token).toBe(2);
});

test('what was read of the memory does not change afterwards', () => {
  const { provider, authorized, refresh } = unplugged();
  const token = authorized();
  const before = provider.memory(mallId);
  refresh(token);
  expect(before.requests).toHaveLength(1);
  expect(before.families[0]?.pairs[0]?.rotatedAt).toBeNull();
});

test('a reset forgets one mall and its switches, and no other', () => {
  const { provider, configure, authorized, exchange } = unplugged();
  const other = exchange(provider.issueCode('mall-two'), { mallId: 'mall-two' });
  configure({ fault: { kind: 'status', status: 500 } });
  provider.reset(mallId);
  expect(provider.memory(mallId)).toMatchObject({ requests: [], codes: [], families: [] });
  expect(provider.isAlive(authorized())).toBe(true);
  expect(provider.isAlive(refreshTokenOf(other))).toBe(true);
  provider.reset('*');
  expect(provider.isAlive(refreshTokenOf(other))).toBe(false);
});
