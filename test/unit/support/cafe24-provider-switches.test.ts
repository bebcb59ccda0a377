import { describe, expect, test } from 'vitest';
import { sometimesAbsentFields } from '#test/support/cafe24-provider/switches.ts';
import {
  application,
  basic,
  mallId,
  refreshTokenOf,
  unplugged,
} from '#test/support/cafe24-provider/unplugged.ts';

describe('lifetimes', () => {
  test('codeSeconds is how long a code lives', () => {
    const { provider, configure, exchange, pass } = unplugged();
    configure({ codeSeconds: 1 });
    const code = provider.issueCode(mallId);
    pass(1);
    expect(exchange(code).status).toBe(400);
  });

  test('accessSeconds and refreshSeconds are what the answer says', () => {
    const { provider, configure, exchange, pass } = unplugged();
    configure({ accessSeconds: 5, refreshSeconds: 10 });
    const answer = exchange(provider.issueCode(mallId));
    expect(answer.json).toMatchObject({
      expires_at: '2026-03-01T21:00:05.000',
      refresh_token_expires_at: '2026-03-01T21:00:10.000',
    });
    pass(10);
    expect(provider.isAlive(refreshTokenOf(answer))).toBe(false);
  });

  test('shownTimeOffsetSeconds moves every time that is shown, and nothing else', () => {
    const { provider, configure, exchange } = unplugged();
    configure({ shownTimeOffsetSeconds: -24 * 3600 });
    const answer = exchange(provider.issueCode(mallId));
    expect(answer.json).toMatchObject({
      issued_at: '2026-02-28T21:00:00.000',
      expires_at: '2026-02-28T23:00:00.000',
      refresh_token_expires_at: '2026-03-14T21:00:00.000',
    });
    expect(provider.isAlive(refreshTokenOf(answer))).toBe(true);
  });
});

describe('revocation', () => {
  test('reuseRevokesFamily: a rotated refresh token takes its successor with it', () => {
    const { provider, configure, authorized, refresh } = unplugged();
    configure({ reuseRevokesFamily: true });
    const [bystander, first] = [authorized(), authorized()];
    const second = refreshTokenOf(refresh(first));
    refresh(first);
    expect(provider.isAlive(second)).toBe(false);
    expect(provider.isAlive(bystander)).toBe(true);
  });

  test('without reuseRevokesFamily the successor stays alive', () => {
    const { provider, authorized, refresh } = unplugged();
    const first = authorized();
    const second = refreshTokenOf(refresh(first));
    refresh(first);
    expect(provider.isAlive(second)).toBe(true);
  });

  test.each([true, false])('codeReuseRevokesIssued: %s', (codeReuseRevokesIssued) => {
    const { provider, configure, exchange } = unplugged();
    configure({ codeReuseRevokesIssued });
    const code = provider.issueCode(mallId);
    const token = refreshTokenOf(exchange(code));
    exchange(code);
    expect(provider.isAlive(token)).toBe(!codeReuseRevokesIssued);
  });

  test('newAuthorizationRevokesOldFamilies: only the newest authorization lives', () => {
    const { provider, configure, authorized } = unplugged();
    configure({ newAuthorizationRevokesOldFamilies: true });
    const [, newer] = [authorized(), authorized()];
    expect(provider.memory(mallId).aliveRefreshTokens).toEqual([newer]);
  });
});

describe('graceSeconds', () => {
  test('gives a rotated refresh token the successor that it already has', () => {
    const { configure, authorized, refresh, pass } = unplugged();
    configure({ graceSeconds: 30 });
    const first = authorized();
    const second = refreshTokenOf(refresh(first));
    pass(29);
    expect(refreshTokenOf(refresh(first))).toBe(second);
    pass(1);
    expect(refresh(first).status).toBe(400);
  });

  test('gives it another successor, beside the first, with graceSuccessor "new"', () => {
    const { provider, configure, authorized, refresh } = unplugged();
    configure({ graceSeconds: 30, graceSuccessor: 'new' });
    const first = authorized();
    const successors = [refreshTokenOf(refresh(first)), refreshTokenOf(refresh(first))];
    expect(new Set(successors).size).toBe(2);
    expect(provider.memory(mallId).aliveRefreshTokens).toEqual(successors);
  });

  test('ends when the successor has been used', () => {
    const { configure, authorized, refresh } = unplugged();
    configure({ graceSeconds: 30 });
    const first = authorized();
    refresh(refreshTokenOf(refresh(first)));
    expect(refresh(first).status).toBe(400);
  });
});

describe('the wording of refusals', () => {
  test.each([
    { status: 400, error: 'invalid_client' },
    { status: 401, error: 'invalid_grant' },
    { status: 401, error: 'invalid_client' },
  ] as const)('deadRefreshToken: a dead refresh token is $status $error', (deadRefreshToken) => {
    const { configure, authorized, refresh } = unplugged();
    configure({ deadRefreshToken });
    const spent = authorized();
    refresh(spent);
    const { status, error } = deadRefreshToken;
    expect(refresh(spent)).toMatchObject({ status, json: { error } });
    expect(refresh('never-issued')).toMatchObject({ status, json: { error } });
  });

  test('wrongSecret: a wrong secret can be a 400 invalid_client', () => {
    const { configure, refresh } = unplugged();
    configure({ wrongSecret: { status: 400, error: 'invalid_client' } });
    const authorization = basic(application.clientId, 'wrong');
    expect(refresh('any', { authorization })).toMatchObject({
      status: 400,
      json: { error: 'invalid_client', error_description: 'Invalid client_secret' },
    });
  });
});

describe('the fields of the answer', () => {
  test('omit leaves fields out', () => {
    const { provider, configure, exchange } = unplugged();
    configure({ omit: [...sometimesAbsentFields] });
    expect(Object.keys(exchange(provider.issueCode(mallId)).json)).toEqual([
      'access_token',
      'expires_at',
      'refresh_token',
      'client_id',
      'mall_id',
      'user_id',
      'scopes',
    ]);
  });

  test('omitting refresh_token does not save the old one', () => {
    const { provider, configure, authorized, refresh } = unplugged();
    const first = authorized();
    configure({ omit: ['refresh_token'] });
    expect(refresh(first).json).not.toHaveProperty('refresh_token');
    expect(provider.isAlive(first)).toBe(false);
  });

  test('fields overwrites and adds', () => {
    const { provider, configure, exchange } = unplugged();
    configure({ fields: { expires_at: 'soon', scopes: 'a b', mall_id: null, expires_in: 7200 } });
    expect(exchange(provider.issueCode(mallId)).json).toMatchObject({
      expires_at: 'soon',
      scopes: 'a b',
      mall_id: null,
      expires_in: 7200,
    });
  });
});
