import { expect, test } from 'vitest';
import { oncePerKey } from '#shared/once-per-key.ts';

test('work of one key is done once; the others count as duplicates', async () => {
  const once = oncePerKey();
  let works = 0;
  const work = async () => {
    await Promise.resolve();
    works += 1;
    return 'issued';
  };

  const outcomes = await Promise.all([once('a', work), once('a', work), once('b', work)]);

  expect(outcomes).toEqual(['issued', 'duplicate', 'issued']);
  expect(works).toBe(2);
});

test('whoever comes when the work is done shares its answer too', async () => {
  const once = oncePerKey();
  await once('a', () => Promise.resolve('issued'));

  expect(await once('a', () => Promise.reject(new Error('a second time')))).toBe('duplicate');
});

test("an error of the work is everybody's", async () => {
  const once = oncePerKey();
  const work = () => Promise.reject(new Error('away'));

  const settled = await Promise.allSettled([once('a', work), once('a', work)]);

  expect(settled).toMatchObject([{ reason: { message: 'away' } }, { reason: { message: 'away' } }]);
});
