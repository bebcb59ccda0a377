import { describe, expect, it } from 'vitest';
import {
  Cafe24ExpiryWarning,
  ClaroshopExpiryWarning,
  TokenExpiryWarning,
} from '#events/token-expiry-warning.ts';
import { TokenIssued } from '#events/token-issued.ts';
import { TokenRefreshFailed } from '#events/token-refresh-failed.ts';

const claroshop = { provider: 'claroshop', reason: 'expiring' };
const cafe24 = { provider: 'cafe24', mallId: 'demo-mall', version: 7, reason: 'expiring' };
const attemptId = '5f2c1d0e-8a4b-4c6d-9e7f-1a2b3c4d5e6f';

describe('a warning about ClaroShop', () => {
  it('needs neither account nor version: there is a default, and nothing may be stored yet', () => {
    expect(TokenExpiryWarning.schema.parse(claroshop)).toEqual({
      ...claroshop,
      account: 'default',
    });
    expect(TokenExpiryWarning.schema.parse({ ...claroshop, version: 0 })).toMatchObject({
      version: 0,
    });
  });

  it.each([
    ['an account that is no path segment', { account: '../x' }, 'account'],
    ['an account in capitals', { account: 'Shop' }, 'account'],
    ['an account of 50 characters', { account: 'a'.repeat(50) }, 'account'],
    ['a negative version', { version: -1 }, 'version'],
    ['a silent try, which is of Cafe24', { reason: 'retry' }, 'reason'],
    ['another provider', { provider: 'shopify' }, 'provider'],
  ])('is refused with %s', (_, fault, path) => {
    const { error } = TokenExpiryWarning.schema.safeParse({ ...claroshop, ...fault });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('is not for the consumer of Cafe24, nor the other way round', () => {
    expect(Cafe24ExpiryWarning.schema.safeParse(claroshop).success).toBe(false);
    expect(ClaroshopExpiryWarning.schema.safeParse(cafe24).success).toBe(false);
  });
});

describe('what is stored and what failed', () => {
  it('is told of an account, with or without an end of its refresh token', () => {
    const expiresAt = '2026-03-01T05:05:00.000Z';
    const issued = {
      provider: 'claroshop',
      account: 'second',
      version: 3,
      expiresAt,
      scopes: [],
      attemptId,
    };
    expect(TokenIssued.schema.parse(issued)).toEqual(issued);
    const failed = { provider: 'claroshop', account: 'default', version: 0, reason: 'timeout' };
    expect(TokenRefreshFailed.schema.parse({ ...failed, attemptId })).toMatchObject(failed);
  });

  it('still names the mall where it is one', () => {
    const { error } = TokenRefreshFailed.schema.safeParse({
      provider: 'cafe24',
      version: 0,
      reason: 'timeout',
      attemptId,
    });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['mallId']);
  });
});
