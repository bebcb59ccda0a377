import { describe, expect, it } from 'vitest';
import { areSame, fingerprintOf } from '#shared/claroshop/credentials.ts';

const credentials = { username: 'seller', password: 'sesame' };

describe('the fingerprint of refused credentials', () => {
  it('knows the same credentials again by its own salt', async () => {
    const mark = await fingerprintOf(credentials);
    expect(areSame(await fingerprintOf(credentials, mark), mark)).toBe(true);
  });

  it.each([
    { username: 'seller', password: 'sesame!' },
    { username: 'seller!', password: 'sesame' },
    // The same letters, divided elsewhere.
    { username: 'sellers', password: 'esame' },
  ])('knows %o for others', async (others) => {
    const mark = await fingerprintOf(credentials);
    expect(areSame(await fingerprintOf(others, mark), mark)).toBe(false);
  });

  it('is another one each time, so that two accounts with one password look different', async () => {
    const [one, other] = await Promise.all([
      fingerprintOf(credentials),
      fingerprintOf(credentials),
    ]);
    expect(one.salt).not.toBe(other.salt);
    expect(areSame(one, other)).toBe(false);
  });
});
