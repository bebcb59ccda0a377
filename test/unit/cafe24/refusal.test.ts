import { describe, expect, it } from 'vitest';
import { readRefusal } from '#shared/cafe24/refusal.ts';

const read = (status: number, body: unknown, retryAfterSeconds?: number) =>
  readRefusal({ status, body, retryAfterSeconds });
const kindOf = (status: number, error: string, error_description?: string) =>
  read(status, { error, error_description }).kind;

describe('readRefusal', () => {
  it.each([400, 401])('takes invalid_grant with %i for a dead grant', (status) => {
    expect(kindOf(status, 'invalid_grant', 'Invalid authorization code')).toBe('refused');
  });

  it.each([
    [401, 'invalid_client', undefined],
    [400, 'invalid_client', 'whatever'],
    [400, 'invalid_grant', 'Invalid client_secret'],
    [400, 'invalid_grant', 'client_id does not match'],
    [400, 'invalid_grant', 'redirect_uri does not match'],
    [400, 'invalid_request', 'redirect_uri mismatch'],
  ])('takes %i %s %s for our own fault', (status, error, description) => {
    expect(kindOf(status, error, description)).toBe('misconfigured');
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
