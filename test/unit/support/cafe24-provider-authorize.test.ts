import { describe, expect, test } from 'vitest';
import {
  application,
  basic,
  mallId,
  rightRequest,
  type Unplugged,
  unplugged,
} from '#test/support/cafe24-provider/unplugged.ts';
import { received } from '#test/support/scripted-provider/received.ts';

const rightQuery = {
  response_type: 'code',
  client_id: application.clientId,
  redirect_uri: application.redirectUri,
  scope: 'mall.read_order,mall.read_product',
  state: 'an-invented-state',
};

function authorize({ provider }: Unplugged, changes: object = {}) {
  const query = new URLSearchParams({ ...rightQuery, ...changes });
  const { status, headers } = received(provider.authorize(mallId, query));
  const location = headers?.['location'];
  const back = location === undefined ? undefined : new URL(location);
  return { status, back, sent: Object.fromEntries(back?.searchParams ?? []) };
}

describe('the authorize page', () => {
  test('sends the browser back with a code that works and the state, and without the mall', () => {
    const cafe24 = unplugged();
    const { status, back, sent } = authorize(cafe24);
    expect(status).toBe(302);
    expect(`${back?.origin}${back?.pathname}`).toBe(application.redirectUri);
    expect(sent).toEqual({ code: expect.any(String) as string, state: rightQuery.state });
    expect(cafe24.exchange(sent['code']!).json['scopes']).toEqual([
      'mall.read_order',
      'mall.read_product',
    ]);
  });

  test.each([
    [{ scope: 'mall.read_order mall.read_product' }, 'invalid_scope'],
    [{ scope: 'mall.read_order, mall.read_product' }, 'invalid_scope'],
    [{ scope: '' }, 'invalid_scope'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
  ])('sends %o back as %s, with the state and without a code', (changes, error) => {
    const { status, sent } = authorize(unplugged(), changes);
    expect(status).toBe(302);
    expect(sent).toEqual({
      error,
      error_description: expect.any(String) as string,
      state: rightQuery.state,
    });
  });

  test.each([{ client_id: 'another' }, { redirect_uri: 'https://app.example/cafe24/callback/' }])(
    'never redirects when it is asked with %o',
    (changes) => {
      const { status, back } = authorize(unplugged(), changes);
      expect(status).toBe(400);
      expect(back).toBeUndefined();
    },
  );

  test('sends access_denied back when adminRefuses is thrown', () => {
    const cafe24 = unplugged();
    cafe24.configure({ adminRefuses: true });
    expect(authorize(cafe24).sent).toMatchObject({
      error: 'access_denied',
      state: rightQuery.state,
    });
    expect(cafe24.provider.memory(mallId).codes).toEqual([]);
  });
});

describe('a revoke request', () => {
  test('ends the family of its token', () => {
    const { provider, authorized } = unplugged();
    const [token, bystander] = [authorized(), authorized()];
    const answer = provider.revoke(mallId, rightRequest({ token, token_hint: 'refresh_token' }));
    expect(received(answer).status).toBe(200);
    expect(provider.memory(mallId).aliveRefreshTokens).toEqual([bystander]);
  });

  test('for an unknown token succeeds', () => {
    const { provider } = unplugged();
    const answer = provider.revoke(mallId, rightRequest({ token: 'never-issued' }));
    expect(received(answer).status).toBe(200);
  });

  test('with a wrong secret revokes nothing', () => {
    const { provider, authorized } = unplugged();
    const token = authorized();
    const authorization = basic(application.clientId, 'wrong');
    const answer = provider.revoke(mallId, { ...rightRequest({ token }), authorization });
    expect(received(answer).status).toBe(401);
    expect(provider.isAlive(token)).toBe(true);
  });
});
