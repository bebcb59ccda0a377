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
const readAny = (body: unknown) => {
  const redeemed = readTokenResponse(body, REQUESTED_AT);
  return redeemed?.kind === 'granted' ? redeemed.grant : redeemed;
};
const read = (changes: object) =>
  readAny({ ...response, ...changes }) as ClaroshopGrant | undefined;

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

  it('does without everything but the access token', () => {
    expect(readAny({ access_token: 'access' })).toEqual({
      accessToken: 'access',
      tokenType: 'Bearer',
      expiresIn: 300,
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
    [1e300, 1800],
    [8e15, 3_155_760_000],
    [' 1800.0 ', 1800],
    ['soon', 1800],
    [{}, 1800],
    [null, 1800],
    [undefined, 1800],
  ])('reads a refresh_expires_in of %j as %j', (refresh_expires_in, expected) => {
    expect(read({ refresh_expires_in })?.refreshExpiresIn).toBe(expected);
  });

  it.each([undefined, null, 'soon', '', {}, 1e300])(
    'takes an expires_in of %j for the usual life',
    (expires_in) => {
      expect(read({ expires_in })?.expiresIn).toBe(300);
    },
  );

  it('says of no refresh token how long it lives', () => {
    const neither = { refresh_token: undefined, refresh_expires_in: undefined };
    expect(read(neither)?.refreshExpiresIn).toBeUndefined();
  });

  it('cleans what only describes', () => {
    const odd = { scope: 'a\0b', session_state: 'x\uD83D', token_type: 'B\uFFFE' };
    expect(read(odd)).toMatchObject({
      scope: 'a\u{FFFD}b',
      sessionState: 'x\u{FFFD}',
      tokenType: 'B\u{FFFD}',
    });
  });

  it.each(['access_token', 'refresh_token'])('never keeps a changed %s', (field) => {
    for (const token of ['a\0b', 'a\uD83D', 'a\uFFFF', 'lost \u{FFFD} when it was decoded']) {
      expect(read({ [field]: token })).toEqual({ kind: 'unknown', reason: 'grant-unstorable' });
    }
  });

  it('gives lifetimes that can be added to a date, and what escrow can give back', () => {
    const grant = read({ expires_in: Number.MAX_SAFE_INTEGER, refresh_token: undefined });
    const end = new Date(REQUESTED_AT.getTime() + grant!.expiresIn * 1000);
    expect(end.toISOString()).toMatch(/^2126-/);
    expect(ClaroshopGrant.parse(JSON.parse(JSON.stringify(grant)))).toEqual(grant);
  });

  it.each([
    { access_token: undefined },
    { access_token: '' },
    { access_token: ' ' },
    { access_token: 7 },
  ])('is no grant with %j', (changes) => {
    expect(read(changes)).toBeUndefined();
  });

  it.each([null, 'text', [], 7])('is no grant when the body is %j', (body) => {
    expect(readTokenResponse(body, REQUESTED_AT)).toBeUndefined();
  });
});
