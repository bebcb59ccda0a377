import { describe, expect, it } from 'vitest';
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
const read = (changes: object) => readTokenResponse({ ...response, ...changes }, REQUESTED_AT);
const expiryOf = (changes: object) => read(changes)?.grant.expiresAt.toISOString();

describe('readTokenResponse', () => {
  it('reads every field', () => {
    expect(readTokenResponse(response, REQUESTED_AT)).toEqual({
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

  it('keeps a grant whose expiry can not be read, and has it due at once', () => {
    expect(expiryOf({ expires_at: 'soon' })).toBe(REQUESTED_AT.toISOString());
    expect(expiryOf({ expires_at: '2026-02-30T12:00:00.000' })).toBe(REQUESTED_AT.toISOString());
  });

  it.each(['access_token', 'refresh_token', 'mall_id'])('is no grant without %s', (field) => {
    expect(read({ [field]: undefined })).toBeUndefined();
    expect(read({ [field]: 7 })).toBeUndefined();
  });
});
