import { expect, test } from 'vitest';
import { kindOfLoss, SAVED_WITHIN_MS } from '#test/kills/loss.ts';

const at = (ms: number) => new Date(ms).toISOString();
const rotation = { receivedAt: at(1_000), end: 'answered', endedAt: at(2_000) };
const kindAt = (killedMs: number) => kindOfLoss(rotation, [at(500), at(killedMs)], 60_000);

test('a process that was killed before the answer never had the grant', () => {
  expect(kindAt(1_500)).toBe('unreached');
  expect(kindOfLoss({ ...rotation, end: 'cut', endedAt: at(1_200) }, [at(1_500)], 60_000)).toBe(
    'unreached',
  );
});

test('a grant may be lost only as long as the store and the escrow take', () => {
  expect(kindAt(2_000 + SAVED_WITHIN_MS)).toBe('unsaved');
  expect(kindAt(2_000 + SAVED_WITHIN_MS + 1)).toBe('unexplained');
});

test('a loss without a kill, or with one after the life of the process, is unexplained', () => {
  expect(kindOfLoss(rotation, [at(500)], 60_000)).toBe('unexplained');
  expect(kindAt(61_001)).toBe('unexplained');
  expect(kindOfLoss(undefined, [at(1_500)], 60_000)).toBe('unexplained');
});
