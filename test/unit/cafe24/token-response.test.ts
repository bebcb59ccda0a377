import { describe, expect, it } from 'vitest';
import { Cafe24Grant } from '#shared/cafe24/grant.ts';
import { readTokenResponse } from '#shared/cafe24/token-response.ts';

const REQUESTED_AT = new Date('2026-03-01T03:00:00.000Z');

/** What Cafe24 answers at 12:00 in Seoul. */
const response = {
  access_token: 'access',
  expires_at: '2026-03-01T14:00:00.000',
  refresh_token: 'refresh',
  refresh_token_expires_at: '2026-03-15T12:00:00.000',
  client_id: 'client',
  mall_id: 'test-mall',
  user_id: 'admin',
  scopes: ['mall.read_product'],
  issued_at: '2026-03-01T12:00:00.000',
  shop_no: '1',
  token_type: 'Bearer',
};
const asked = { mallId: 'test-mall', clientId: 'client', requestedAt: REQUESTED_AT };
const readAny = (body: unknown) => readTokenResponse(body, asked);
const read = (changes: object) => {
  const redeemed = readAny({ ...response, ...changes });
  return redeemed?.kind === 'granted' ? redeemed.grant : undefined;
};
const expiryOf = (changes: object) => read(changes)?.grant.expiresAt.toISOString();

describe('readTokenResponse', () => {
  it('reads every field', () => {
    expect(read({})).toEqual({
      grant: {
        accessToken: 'access',
        expiresAt: new Date('2026-03-01T05:00:00.000Z'),
        refreshToken: 'refresh',
        refreshTokenExpiresAt: new Date('2026-03-15T03:00:00.000Z'),
        clientId: 'client',
        mallId: 'test-mall',
        userId: 'admin',
        scopes: ['mall.read_product'],
        tokenType: 'Bearer',
        issuedAt: new Date('2026-03-01T03:00:00.000Z'),
      },
      clocksDisagree: false,
    });
  });

  it.each([
    ['without an offset as KST', '2026-03-01T14:00:00.000', '2026-03-01T05:00:00.000Z'],
    ['with a space instead of T', '2026-03-01 14:00:00', '2026-03-01T05:00:00.000Z'],
    ['with Z as UTC', '2026-03-01T05:00:00Z', '2026-03-01T05:00:00.000Z'],
    ['with an offset as that', '2026-03-01T06:00:00.000+01:00', '2026-03-01T05:00:00.000Z'],
    ['with an offset without a colon', '2026-03-01T14:00:00.000+0900', '2026-03-01T05:00:00.000Z'],
    ['with an offset of hours', '2026-03-01 14:00:00 +09', '2026-03-01T05:00:00.000Z'],
    ['as an epoch in seconds', 1_772_341_200, '2026-03-01T05:00:00.000Z'],
    ['as an epoch in milliseconds', 1_772_341_200_000, '2026-03-01T05:00:00.000Z'],
    ['as an epoch in text', '1772341200', '2026-03-01T05:00:00.000Z'],
    ['as an epoch with a fraction', '1772341200.5', '2026-03-01T05:00:00.500Z'],
  ])('reads a time %s', (_, expires_at, expected) => {
    expect(expiryOf({ expires_at })).toBe(expected);
  });

  it('reads KST to the second whatever the zone of the process', () => {
    const zone = process.env['TZ'];
    try {
      for (const TZ of ['UTC', 'Asia/Seoul', 'America/New_York']) {
        process.env['TZ'] = TZ;
        expect(expiryOf({})).toBe('2026-03-01T05:00:00.000Z');
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('takes the earlier expiry, and says so, when the answer contradicts our clock', () => {
    const ahead = read({
      issued_at: '2026-03-01T13:00:00.000',
      expires_at: '2026-03-01T15:00:00.000',
    });
    expect(ahead?.clocksDisagree).toBe(true);
    expect(ahead?.grant.expiresAt.toISOString()).toBe('2026-03-01T05:00:00.000Z');
    const behind = read({
      issued_at: '2026-03-01T11:00:00.000',
      expires_at: '2026-03-01T13:00:00.000',
    });
    expect(behind?.clocksDisagree).toBe(true);
    expect(behind?.grant.expiresAt.toISOString()).toBe('2026-03-01T04:00:00.000Z');
  });

  it('bears a clock that is 4 minutes off', () => {
    const off = { issued_at: '2026-03-01T12:04:00.000', expires_at: '2026-03-01T14:04:00.000' };
    expect(read(off)?.clocksDisagree).toBe(false);
  });

  it('does without the fields that are sometimes absent', () => {
    const absent = {
      refresh_token_expires_at: undefined,
      issued_at: undefined,
      shop_no: undefined,
      token_type: undefined,
    };
    expect(read(absent)?.grant).toMatchObject({
      tokenType: 'Bearer',
      issuedAt: REQUESTED_AT,
      refreshTokenExpiresAt: new Date('2026-03-15T03:00:00.000Z'),
    });
  });

  it.each([undefined, null, '', 'soon', '2026-02-30T12:00:00.000', 7200, '7200', 1e300, NaN, {}])(
    'takes an expiry of %j for the usual life from the request',
    (unreadable) => {
      const times = { expires_at: unreadable, refresh_token_expires_at: unreadable };
      expect(read({ ...times, issued_at: unreadable })?.grant).toMatchObject({
        expiresAt: new Date('2026-03-01T05:00:00.000Z'),
        refreshTokenExpiresAt: new Date('2026-03-15T03:00:00.000Z'),
        issuedAt: REQUESTED_AT,
      });
      expect(read(times)?.clocksDisagree).toBe(false);
    },
  );

  it.each(['2026-03-01T11:59:59.999', '1970-01-01', '2026-03-15T12:00:01', '9999-12-31T23:59:59Z'])(
    'does not believe that a new access token ends at %s: the usual life',
    (expires_at) => {
      expect(expiryOf({ expires_at, issued_at: undefined })).toBe('2026-03-01T05:00:00.000Z');
    },
  );

  it('takes the life that is stated where all times are shown in the wrong zone', () => {
    const inUtc = { issued_at: '2026-03-01T03:00:00.000', expires_at: '2026-03-01T05:00:00.000' };
    expect(read(inUtc)).toMatchObject({
      clocksDisagree: true,
      grant: { expiresAt: new Date('2026-03-01T05:00:00.000Z') },
    });
  });

  it('never gives a time that could not be written down', () => {
    for (const far of [9_999_999_999_999, '9999999999', '+275760-09-13T00:00:00Z', -1]) {
      const grant = read({ expires_at: far, refresh_token_expires_at: far, issued_at: far })?.grant;
      expect(Cafe24Grant.parse(JSON.parse(JSON.stringify(grant)))).toEqual(grant);
    }
  });

  it.each(['access_token', 'refresh_token'])('is no grant without %s', (field) => {
    for (const none of [undefined, null, '', ' ', 7]) {
      expect(readAny({ ...response, [field]: none })).toBeUndefined();
    }
  });

  it.each([undefined, null, '', ' ', 'TEST-MALL', ' Test-Mall\n', {}])(
    'takes a mall_id of %j for the mall that was asked',
    (mall_id) => {
      expect(read({ mall_id })?.grant.mallId).toBe('test-mall');
    },
  );

  it.each(['another-mall', 'test-mall-2', 7])('keeps no grant of the mall %j', (mall_id) => {
    expect(readAny({ ...response, mall_id })).toEqual({
      kind: 'unknown',
      reason: 'grant-of-another-mall',
    });
  });

  it.each([undefined, null, 'CLIENT', 'another', 7])(
    'belongs to the client that we asked as, whatever is echoed (%j)',
    (client_id) => {
      expect(read({ client_id })?.grant.clientId).toBe('client');
    },
  );

  it.each([[['a', 'b']], ['a,b'], ['a b'], [' a, b '], [['a', null, 7, '', 'b']]])(
    'reads scopes written as %j',
    (scopes) => {
      expect(read({ scopes })?.grant.scopes).toEqual(['a', 'b']);
    },
  );

  it.each([undefined, null, 7, {}, '', []])('does without scopes (%j)', (scopes) => {
    expect(read({ scopes })?.grant.scopes).toEqual([]);
  });

  it('cleans what only describes', () => {
    const odd = { user_id: 'a\0b', scopes: ['x\uD83D'], token_type: 'B\uFFFE' };
    expect(read(odd)?.grant).toMatchObject({
      userId: 'a\u{FFFD}b',
      scopes: ['x\u{FFFD}'],
      tokenType: 'B\u{FFFD}',
    });
  });

  it.each(['access_token', 'refresh_token'])('never keeps a changed %s', (field) => {
    for (const token of ['a\0b', 'a\uD83D', 'a\uFFFF', 'lost \u{FFFD} when it was decoded']) {
      expect(readAny({ ...response, [field]: token })).toEqual({
        kind: 'unknown',
        reason: 'grant-unstorable',
      });
    }
  });
});
