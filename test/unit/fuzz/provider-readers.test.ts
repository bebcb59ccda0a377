import fc from 'fast-check';
import { describe, it } from 'vitest';
import { readCafe24Answer } from '#shared/cafe24/oauth.ts';
import { toAnswered } from '#shared/oauth/post-form.ts';
import { holdsForEach, oddText } from '#test/support/fuzz.ts';

const asked = { mallId: 'test-mall', requestedAt: new Date('2026-03-01T03:00:00.000Z') };

const statuses = fc.oneof(fc.constantFrom(200, 201, 204, 302, 400, 401, 503), fc.integer());
const bodies = fc.oneof(oddText, fc.json());

describe('the readers of provider answers', () => {
  it('never throw, whatever the answer', async () => {
    await holdsForEach(fc.record({ status: statuses, body: bodies }), ({ status, body }) => {
      readCafe24Answer(toAnswered(status, body), asked);
    });
  });
});
