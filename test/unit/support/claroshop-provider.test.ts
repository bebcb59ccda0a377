import { describe, expect, test } from 'vitest';
import { nobody } from '#test/support/claroshop-provider/provider.ts';
import {
  passwordForm,
  realm,
  type RequestChanges,
  tokensOf,
  type Unplugged,
  unplugged,
} from '#test/support/claroshop-provider/unplugged.ts';

const [{ username }] = realm.accounts;
const refused = (status: number, error: string, error_description: unknown) => ({
  status,
  json: { error, error_description },
});
const failTimes = (times: number, { signIn }: Pick<Unplugged, 'signIn'>) =>
  Array.from({ length: times }, () => signIn({ password: 'wrong' }));
const invalidCredentials = refused(401, 'invalid_grant', 'Invalid user credentials');

describe('a sign-in', () => {
  test('gets the fields of a Keycloak, in its order', () => {
    const { status, json, headers } = unplugged().signIn();
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'cache-control': 'no-store' });
    expect(Object.keys(json)).toEqual([
      'access_token',
      'expires_in',
      'refresh_expires_in',
      'refresh_token',
      'token_type',
      'not-before-policy',
      'session_state',
      'scope',
    ]);
    expect(json).toMatchObject({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      expires_in: 300,
      refresh_expires_in: 1800,
      token_type: 'Bearer',
      'not-before-policy': 0,
    });
  });

  test('has tokens of the length that is asked for, beyond what a standard parameter holds', () => {
    const { configure, signIn } = unplugged();
    configure({ accessTokenLength: 5_000, refreshTokenLength: 4_500 });
    const { accessToken, refreshToken } = tokensOf(signIn());
    expect([accessToken.length, refreshToken.length]).toEqual([5_000, 4_500]);
  });

  test('can leave fields out and overwrite them', () => {
    const { configure, signIn } = unplugged();
    configure({
      omit: ['scope', 'session_state'],
      fields: { refresh_expires_in: -3, id_token: 'x' },
    });
    const { json } = signIn();
    expect(json).toMatchObject({ refresh_expires_in: -3, id_token: 'x' });
    expect(json).not.toHaveProperty('scope');
    expect(json).not.toHaveProperty('session_state');
  });

  test('of a client without refresh tokens brings none', () => {
    const { configure, signIn } = unplugged();
    configure({ issuesRefreshTokens: false });
    const { json } = signIn();
    expect(json).toMatchObject({ refresh_expires_in: 0 });
    expect(json).not.toHaveProperty('refresh_token');
  });

  test.each<[string, RequestChanges, ReturnType<typeof refused>]>([
    ['that is no POST', { method: 'GET' }, refused(405, 'invalid_request', expect.anything())],
    [
      'of another content type',
      { contentType: 'application/json' },
      refused(400, 'invalid_request', expect.anything()),
    ],
    [
      'of another client',
      { body: new URLSearchParams({ ...passwordForm(), client_id: 'another' }).toString() },
      refused(401, 'invalid_client', 'Invalid client or Invalid client credentials'),
    ],
    [
      'with an Authorization header, which a public client has not',
      { authorization: 'Basic aW50ZWdyYWRvcmVzOg==' },
      refused(401, 'invalid_client', 'Invalid client or Invalid client credentials'),
    ],
    [
      'without a grant type',
      { body: 'client_id=integradores' },
      refused(400, 'invalid_request', 'Missing form parameter: grant_type'),
    ],
    [
      'of an unknown grant type',
      { body: 'client_id=integradores&grant_type=magic' },
      refused(400, 'unsupported_grant_type', 'Unsupported grant_type'),
    ],
    [
      'without a user name',
      { body: 'client_id=integradores&grant_type=password' },
      refused(401, 'invalid_request', 'Missing parameter: username'),
    ],
    [
      'without a refresh token',
      { body: 'client_id=integradores&grant_type=refresh_token' },
      refused(400, 'invalid_request', 'No refresh token'),
    ],
  ])('%s is refused', (_, changes, refusal) => {
    const { provider, send } = unplugged();
    expect(send(passwordForm(), changes)).toMatchObject(refusal);
    expect(provider.memory(username).failures).toBe(0);
  });

  test('by a client without direct access grants is refused', () => {
    const { configure, signIn } = unplugged();
    configure({ allowsPasswords: false });
    expect(signIn()).toMatchObject(
      refused(400, 'unauthorized_client', 'Client not allowed for direct access grants'),
    );
  });
});

describe('an account', () => {
  test('is told nothing more for a wrong password than for an unknown name', () => {
    const { signIn } = unplugged();
    expect(signIn({ password: 'wrong' })).toMatchObject(invalidCredentials);
    expect(signIn({ username: 'stranger' })).toMatchObject(invalidCredentials);
  });

  test('gets the status of the newer Keycloaks when that is asked for', () => {
    const { configure, signIn } = unplugged();
    configure({ invalidCredentialsStatus: 400 });
    expect(signIn({ password: 'wrong' })).toMatchObject({ ...invalidCredentials, status: 400 });
  });

  test('is locked after 3 failures, in the same words and for the right password too', () => {
    const { provider, signIn, pass } = unplugged();
    for (const failed of failTimes(3, { signIn })) expect(failed).toMatchObject(invalidCredentials);
    expect(signIn()).toMatchObject(invalidCredentials);
    expect(provider.memory(username)).toMatchObject({
      failures: 3,
      lockedUntil: '2026-03-01T12:01:00.000Z',
      counts: { password: 4, refresh_token: 0 },
    });
    pass(60);
    expect(signIn().status).toBe(200);
    expect(provider.memory(username)).toMatchObject({ failures: 0, lockedUntil: null });
  });

  test('is locked again by the next failure, and freed by an operator', () => {
    const { provider, signIn, pass } = unplugged();
    failTimes(3, { signIn });
    pass(60);
    signIn({ password: 'wrong' });
    expect(signIn()).toMatchObject(invalidCredentials);
    provider.unlock(username);
    expect(signIn().status).toBe(200);
  });

  test('forgets two failures when the third sign-in succeeds', () => {
    const { signIn } = unplugged();
    failTimes(2, { signIn });
    expect(signIn().status).toBe(200);
    failTimes(2, { signIn });
    expect(signIn().status).toBe(200);
  });

  test('that is disabled, or not set up, is told so', () => {
    const { provider, signIn } = unplugged();
    provider.putAccount(username, { isEnabled: false });
    expect(signIn()).toMatchObject(refused(400, 'invalid_grant', 'Account disabled'));
    provider.putAccount(username, { isSetUp: false });
    expect(signIn()).toMatchObject(refused(400, 'invalid_grant', 'Account is not fully set up'));
    expect(signIn({ password: 'wrong' })).toMatchObject(invalidCredentials);
    provider.putAccount(username, {});
    expect(signIn().status).toBe(200);
  });

  test('signs in with its new password alone', () => {
    const { provider, signIn } = unplugged();
    provider.putAccount(username, { password: 'another invented one' });
    expect(signIn()).toMatchObject(invalidCredentials);
    expect(signIn({ password: 'another invented one' }).status).toBe(200);
  });

  test('can be added', () => {
    const { provider, signIn } = unplugged();
    provider.putAccount('two-seller', { password: 'two' });
    expect(signIn({ username: 'two-seller', password: 'two' }).status).toBe(200);
    expect(provider.memory(username).sessions).toEqual([]);
  });
});

describe('the memory', () => {
  test('has every request, with what it used and got', () => {
    const { provider, signIn, refresh, pass } = unplugged();
    const { refreshToken } = tokensOf(signIn());
    pass(10);
    const next = tokensOf(refresh(refreshToken));
    refresh('invented');
    expect(provider.memory(username)).toMatchObject({
      counts: { password: 1, refresh_token: 1 },
      requests: [
        { grantType: 'password', issuedTokenId: 'tokens-1', status: 200, end: 'answered' },
        { grantType: 'refresh_token', redeemedTokenId: 'tokens-1', issuedTokenId: 'tokens-2' },
      ],
      aliveRefreshTokens: [refreshToken, next.refreshToken],
      sessions: [{ startedAt: '2026-03-01T12:00:00.000Z', tokens: [{}, { ...next }] }],
    });
    expect(provider.memory(nobody).requests).toMatchObject([
      { redeemedTokenId: null, issuedTokenId: null, status: 400, error: 'invalid_grant' },
    ]);
  });

  test('of an account is forgotten with its lock and its switches; the account stays', () => {
    const { provider, signIn, configure } = unplugged();
    const { refreshToken } = tokensOf(signIn());
    failTimes(3, { signIn });
    configure({ fault: { kind: 'reset' } });
    provider.reset(username);
    expect(provider.isAlive(refreshToken)).toBe(false);
    expect(provider.memory(username)).toMatchObject({ requests: [], sessions: [], failures: 0 });
    expect(signIn().status).toBe(200);
  });

  test('knows what was issued and did not arrive', () => {
    const { provider, configure, signIn } = unplugged();
    configure({ fault: { kind: 'reset', afterIssuing: true }, nextRequests: 1 });
    configure({ fault: { kind: 'html', status: 404 }, nextRequests: 1 });
    expect([signIn().kind, signIn().status, signIn().status]).toEqual(['reset', 404, 200]);
    expect(provider.memory(username)).toMatchObject({
      counts: { password: 3 },
      requests: [
        { issuedTokenId: 'tokens-1' },
        { issuedTokenId: null },
        { issuedTokenId: 'tokens-2' },
      ],
    });
  });
});

test('a misspelt switch is refused by its name', () => {
  const { configure } = unplugged();
  expect(() => {
    configure({ accesSeconds: 3 } as object);
  }).toThrow(/accesSeconds/);
});
