import { describe, expect, it } from 'vitest';
import { readRefusal } from '#shared/cafe24/refusal.ts';
import {
  deadCodeWordings,
  deadTokenWordings,
  ourFaultWordings,
  unknownWordings,
} from '#test/support/cafe24-provider/wordings.ts';

const read = (status: number, body: unknown, retryAfterSeconds?: number) =>
  readRefusal({ status, body, retryAfterSeconds });
const kindOf = (status: number, error: string, error_description?: string) =>
  read(status, { error, error_description }).kind;
/** Servers differ in case, punctuation and `_`. */
const spellings = (text = '') => [
  text,
  text.toUpperCase(),
  text.replaceAll('_', ' '),
  `"${text.replaceAll(' ', '  ')}".`,
];

describe('readRefusal', () => {
  it.each([
    ['a dead refresh token', 'refused', deadTokenWordings],
    ['a dead code', 'refused', deadCodeWordings],
    ['our own fault', 'misconfigured', ourFaultWordings],
    ['nothing that is known', 'unrecognized', unknownWordings],
  ] as const)('hears %s in every wording, however it is spelled', (_, kind, wordings) => {
    for (const { status, error, description } of wordings) {
      for (const spelled of spellings(description)) {
        expect.soft(kindOf(status, error, spelled), `${error} “${spelled}”`).toBe(kind);
        expect.soft(kindOf(status, ` ${error.toUpperCase()}`, spelled)).toBe(kind);
      }
    }
  });

  it.each([
    ['invalid_client', 'Token endpoint auth method is invalid'],
    ['invalid_request', 'The authorization code grant type is invalid'],
    ['invalid_request', 'Invalid token endpoint'],
    ['unauthorized_client', 'Refresh token grant type not active'],
    ['invalid_request', 'Invalid token type hint'],
  ])('takes no grant for dead because of how it was asked for (%s, %s)', (error, description) => {
    expect(kindOf(400, error, description)).toBe('misconfigured');
  });

  it.each([500, 502, 503, 429, 408, 302])('takes %i for no answer about the grant', (status) => {
    expect(kindOf(status, 'invalid_grant')).toBe('failed');
  });

  it.each([undefined, '<html>', { error: { code: 404, message: 'x' } }])(
    'takes a 4xx without an OAuth error for no answer about the grant (%j)',
    (body) => {
      expect(read(400, body)).toEqual({ kind: 'failed', reason: 'status-400' });
    },
  );

  it('passes on how long to wait', () => {
    expect(read(429, undefined, 30)).toMatchObject({ retryAfterSeconds: 30 });
  });

  it('names no error that is not in RFC 6749: it might be made from what we sent', () => {
    expect(read(400, { error: 'code abc123 is bad' })).toEqual({
      kind: 'unrecognized',
      reason: 'unknown-error',
    });
  });
});
