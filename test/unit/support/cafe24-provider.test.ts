import { describe, expect, test } from 'vitest';
import {
  application,
  basic,
  exchangeForm,
  mallId,
  refreshTokenOf,
  type RequestChanges,
  unplugged,
} from '#test/support/cafe24-provider/unplugged.ts';

const refused = (status: number, error: string) => ({ status, json: { error } });

describe('a token request', () => {
  test('gets exactly the documented fields, with Korean times that name no offset', () => {
    const { provider, exchange } = unplugged();
    const code = provider.issueCode(mallId, { scopes: ['mall.read_order'] });
    const { status, json } = exchange(code);
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^[\w-]{32}$/) as string,
      expires_at: '2026-03-01T23:00:00.000',
      refresh_token: expect.stringMatching(/^[\w-]{32}$/) as string,
      refresh_token_expires_at: '2026-03-15T21:00:00.000',
      client_id: application.clientId,
      mall_id: mallId,
      user_id: 'admin-of-mall-one',
      scopes: ['mall.read_order'],
      issued_at: '2026-03-01T21:00:00.000',
      shop_no: '1',
      token_type: 'Bearer',
    });
  });

  test.each<[string, RequestChanges, ReturnType<typeof refused>]>([
    ['that is no POST', { method: 'GET' }, refused(405, 'invalid_request')],
    [
      'of another content type',
      { contentType: 'application/json' },
      refused(400, 'invalid_request'),
    ],
    ['without a content type', { contentType: undefined }, refused(400, 'invalid_request')],
    ['without credentials', { authorization: undefined }, refused(401, 'invalid_client')],
    ['with a bearer token', { authorization: 'Bearer abc' }, refused(401, 'invalid_client')],
    [
      'of another client',
      { authorization: basic('another', application.clientSecret) },
      refused(401, 'invalid_client'),
    ],
    [
      'with a wrong secret',
      { authorization: basic(application.clientId, 'wrong') },
      refused(401, 'invalid_grant'),
    ],
    [
      'whose credentials are almost Basic',
      { authorization: `${basic(application.clientId, application.clientSecret)} ` },
      refused(401, 'invalid_grant'),
    ],
    ['with an empty body', { body: '' }, refused(400, 'invalid_request')],
    [
      'that repeats a field',
      { body: 'grant_type=a&grant_type=b' },
      refused(400, 'invalid_request'),
    ],
  ])('%s is refused and spends nothing', (_, changes, refusal) => {
    const { provider, exchange } = unplugged();
    const code = provider.issueCode(mallId);
    expect(exchange(code, changes)).toMatchObject(refusal);
    expect(exchange(code).status).toBe(200);
  });

  test('may name a charset with its content type', () => {
    const { provider, exchange } = unplugged();
    const contentType = 'application/x-www-form-urlencoded; charset=UTF-8';
    expect(exchange(provider.issueCode(mallId), { contentType }).status).toBe(200);
  });

  test('with a wrong secret is told so in the description', () => {
    const { refresh, authorized } = unplugged();
    const answer = refresh(authorized(), { authorization: basic(application.clientId, 'wrong') });
    expect(answer.json['error_description']).toBe('Invalid client_secret');
  });

  test.each([
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{ code: 'some-code' }, 'invalid_request'],
    [{ grant_type: 'authorization_code' }, 'invalid_request'],
    [{ grant_type: 'authorization_code', code: 'some-code' }, 'invalid_request'],
    [{ grant_type: 'refresh_token' }, 'invalid_request'],
  ])('with the fields %o alone is refused as %s', (form, error) => {
    expect(unplugged().send(form as Record<string, string>)).toMatchObject(refused(400, error));
  });
});

describe('an authorization code', () => {
  test('is spent by its first use', () => {
    const { provider, exchange } = unplugged();
    const code = provider.issueCode(mallId);
    exchange(code);
    expect(exchange(code)).toMatchObject(refused(400, 'invalid_grant'));
  });

  test('lives 60 seconds', () => {
    const { provider, exchange, pass } = unplugged();
    const [young, old] = [provider.issueCode(mallId), provider.issueCode(mallId)];
    pass(59.999);
    expect(exchange(young).status).toBe(200);
    pass(0.001);
    expect(exchange(old)).toMatchObject(refused(400, 'invalid_grant'));
  });

  test('issued in the past is that much nearer to its end', () => {
    const { provider, exchange } = unplugged();
    const old = provider.issueCode(mallId, { issuedSecondsAgo: 61 });
    expect(exchange(old)).toMatchObject(refused(400, 'invalid_grant'));
  });

  test('is worth nothing at another mall', () => {
    const { provider, exchange } = unplugged();
    const code = provider.issueCode(mallId);
    const there = exchange(code, { mallId: 'mall-two' });
    expect(there).toMatchObject(refused(400, 'invalid_grant'));
    expect(exchange(code).status).toBe(200);
  });

  test.each(['https://app.example/cafe24/callback/', 'https://app.example/CAFE24/callback'])(
    'is refused with the redirect_uri %s, which is almost the registered one',
    (redirect_uri) => {
      const { provider, exchange, send } = unplugged();
      const code = provider.issueCode(mallId);
      const answer = send({ ...exchangeForm(code), redirect_uri });
      expect(answer).toMatchObject(refused(400, 'invalid_grant'));
      expect(exchange(code).status).toBe(200);
    },
  );

  test('that nobody was given is refused', () => {
    expect(unplugged().exchange('never-issued')).toMatchObject(refused(400, 'invalid_grant'));
  });
});

describe('a refresh token', () => {
  test('is rotated: the old one is dead at once, the new one alive', () => {
    const { provider, authorized, refresh } = unplugged();
    const first = authorized();
    const second = refreshTokenOf(refresh(first));
    expect(second).not.toBe(first);
    expect([provider.isAlive(first), provider.isAlive(second)]).toEqual([false, true]);
    expect(refresh(first)).toMatchObject(refused(400, 'invalid_grant'));
    expect(refresh(second).status).toBe(200);
  });

  test('lives 14 days, which each refresh starts anew', () => {
    const { provider, authorized, refresh, pass } = unplugged();
    const day = 24 * 3600;
    const first = authorized();
    pass(13 * day);
    const second = refreshTokenOf(refresh(first));
    pass(13 * day);
    expect(provider.isAlive(second)).toBe(true);
    pass(day);
    expect(provider.isAlive(second)).toBe(false);
    expect(refresh(second)).toMatchObject(refused(400, 'invalid_grant'));
  });

  test('is worth nothing at another mall', () => {
    const { authorized, refresh } = unplugged();
    const token = authorized();
    expect(refresh(token, { mallId: 'mall-two' })).toMatchObject(refused(400, 'invalid_grant'));
    expect(refresh(token).status).toBe(200);
  });

  test('of an older authorization outlives a newer one', () => {
    const { provider, authorized } = unplugged();
    const [older, newer] = [authorized(), authorized()];
    expect(provider.memory(mallId).aliveRefreshTokens).toEqual([older, newer]);
  });

  test('dies when the mall removes the application', () => {
    const { provider, authorized, refresh } = unplugged();
    const token = authorized();
    provider.removeApplication(mallId);
    expect(refresh(token)).toMatchObject(refused(400, 'invalid_grant'));
    expect(provider.memory(mallId).families[0]?.revokedBecause).toBe('revoked-by-mall');
  });
});
