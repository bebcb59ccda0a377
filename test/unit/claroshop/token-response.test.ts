import { describe, expect, it } from 'vitest';
import { ClaroshopGrant } from '#shared/claroshop/grant.ts';
import { readTokenResponse } from '#shared/claroshop/token-response.ts';

const REQUESTED_AT = new Date('2026-03-01T12:00:00.000Z');

/** What a Keycloak answers. */
const response = {
  access_token: 'access',
  expires_in: 300,
  refresh_expires_in: 1800,
  refresh_token: 'refresh',
  token_type: 'Bearer',
  'not-before-policy': 1_700_000_000,
  session_state: 'an-invented-session',
  scope: 'profile email',
};
const read = (changes: object) => readTokenResponse({ ...response, ...changes }, REQUESTED_AT);

describe('readTokenResponse', () => {
  it('reads every field', () => {
    expect(read({})).toEqual({
      accessToken: 'access',
      refreshToken: 'refresh',
      tokenType: 'Bearer',
      expiresIn: 300,
      refreshExpiresIn: 1800,
      scope: 'profile email',
      sessionState: 'an-invented-session',
      notBeforePolicy: 1_700_000_000,
      obtainedAt: REQUESTED_AT,
    });
  });

  it('drops what nobody asked for', () => {
    const grant = read({ id_token: 'identity', new_field: 1, 'error-free': true });
    expect(JSON.stringify(grant)).not.toMatch(/identity|new_field|error-free/);
  });

  it('does without everything but the access token, and has it due at once', () => {
    expect(readTokenResponse({ access_token: 'access' }, REQUESTED_AT)).toEqual({
      accessToken: 'access',
      tokenType: 'Bearer',
      expiresIn: 0,
      obtainedAt: REQUESTED_AT,
    });
  });

  it.each(['refresh_token', 'scope', 'session_state'])(
    'takes an empty %s for an absent one: Parameter Store takes no empty value',
    (field) => {
      expect(read({ [field]: '' })).toEqual(read({ [field]: undefined }));
      expect(read({ [field]: null })).toEqual(read({ [field]: undefined }));
    },
  );

  it('keeps the spelling of the token type', () => {
    expect(read({ token_type: 'bearer' })?.tokenType).toBe('bearer');
  });

  it.each([
    [0, 0],
    [-5, -5],
    ['1800', 1800],
    [1799.9, 1799],
    [1e300, undefined],
    [8e15, 3_155_760_000],
    ['soon', undefined],
    [null, undefined],
  ])('reads a refresh_expires_in of %j as %j', (refresh_expires_in, expected) => {
    expect(read({ refresh_expires_in })?.refreshExpiresIn).toBe(expected);
  });

  it('gives lifetimes that can be added to a date, and what escrow can give back', () => {
    const grant = read({ expires_in: Number.MAX_SAFE_INTEGER, refresh_token: undefined });
    const end = new Date(REQUESTED_AT.getTime() + grant!.expiresIn * 1000);
    expect(end.toISOString()).toMatch(/^2126-/);
    expect(ClaroshopGrant.parse(JSON.parse(JSON.stringify(grant)))).toEqual(grant);
  });

  it.each([{ access_token: undefined }, { access_token: '' }, { access_token: 7 }])(
    'is no grant with %j',
    (changes) => {
      expect(read(changes)).toBeUndefined();
    },
  );

  it.each([null, 'text', [], 7])('is no grant when the body is %j', (body) => {
    expect(readTokenResponse(body, REQUESTED_AT)).toBeUndefined();
  });
});
