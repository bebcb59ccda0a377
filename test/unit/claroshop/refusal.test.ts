import { describe, expect, it } from 'vitest';
import { readRefusal } from '#shared/claroshop/refusal.ts';

type GrantType = Parameters<typeof readRefusal>[1];

const answered = (status: number, body: unknown, retryAfterSeconds?: number) =>
  ({ kind: 'answered', status, body, retryAfterSeconds }) as const;
const read = (
  status: number,
  [error, error_description]: readonly [string, (string | undefined)?],
  grantType: GrantType = 'refresh_token',
) => readRefusal(answered(status, { error, error_description }), grantType);

describe('readRefusal', () => {
  it.each([
    ['Token is not active', 'token-not-active'],
    ['Session not active', 'session-not-active'],
    ["Session doesn't have required client", 'session-not-active'],
    ['Stale token', 'token-spent'],
    ['Maximum allowed refresh token reuse exceeded', 'token-spent'],
    ['Invalid refresh token', 'token-unknown'],
    ['User disabled', 'account-disabled'],
  ])('says why a refresh token is dead: %s', (description, reason) => {
    expect(read(400, ['invalid_grant', description])).toEqual({ kind: 'refused', reason });
  });

  it.each([400, 401])('decides by the error, not by %i', (status) => {
    for (const [description, reason] of [
      ['Invalid user credentials', 'invalid-credentials'],
      ['Account disabled', 'account-disabled'],
      ['Account is not fully set up', 'account-not-set-up'],
    ] as const) {
      expect(read(status, ['invalid_grant', description], 'password')).toEqual({
        kind: 'refused',
        reason,
      });
    }
  });

  it.each([undefined, 'Token 5f2c1d0e of ana@example.com is bad'])(
    'is refused for a reason that it does not know, whose text it keeps to itself (%s)',
    (description) => {
      expect(read(400, ['invalid_grant', description])).toEqual({
        kind: 'refused',
        reason: 'invalid_grant',
      });
    },
  );

  it.each<[number, readonly [string, string?], string]>([
    [400, ['unauthorized_client', 'Client not allowed for direct access grants'], ''],
    [401, ['invalid_client', 'Invalid client or Invalid client credentials'], ''],
    [400, ['unsupported_grant_type'], ''],
    [401, ['invalid_request', 'Missing parameter: username'], ''],
    [403, ['access_denied', 'Realm not enabled'], 'unknown-error'],
  ])('takes %i %j for our own fault', (status, error, reason) => {
    for (const grantType of ['refresh_token', 'password'] as const) {
      expect(read(status, error, grantType)).toEqual({
        kind: 'misconfigured',
        reason: reason || error[0],
      });
    }
  });

  it('lets the password cure a refresh whose scope was withdrawn, and nothing cure a password’s', () => {
    const error = ['invalid_scope', 'Client no longer has requested consent from user'] as const;
    expect(read(400, error)).toEqual({ kind: 'refused', reason: 'invalid_scope' });
    expect(read(400, error, 'password').kind).toBe('misconfigured');
  });

  it.each([
    [404, undefined],
    [404, { error: 'Realm does not exist' }],
    [400, '<html>'],
    [400, undefined],
    [403, undefined],
    [500, { error: 'unknown_error' }],
    [502, undefined],
    [503, undefined],
    [302, undefined],
    [204, undefined],
    [408, { error: 'invalid_grant' }],
    [429, { error: 'invalid_grant' }],
  ])('takes %i with %j for no answer about the grant', (status, body) => {
    expect(readRefusal(answered(status, body), 'password')).toEqual({
      kind: 'failed',
      reason: `status-${status}`,
    });
  });

  it('passes on how long to wait', () => {
    expect(readRefusal(answered(429, undefined, 30), 'password')).toMatchObject({
      retryAfterSeconds: 30,
    });
  });
});
