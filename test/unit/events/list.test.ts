import { expect, test } from 'vitest';
import { z } from 'zod';
import { listOf } from '#events/list.ts';
import { firstOf } from '#events/problems.ts';

const Small = listOf(z.object({ name: z.string(), size: z.int() }), {
  min: 1,
  max: 3,
  expected: (input) => (Array.isArray(input) ? `expected 1 to 3, got ${input.length}` : 'a list'),
});
const issuesOf = (input: unknown) =>
  Small.safeParse(input).error?.issues.map(({ path, message }) => [path.join('.'), message]);

test('elements are read, and each wrong one is named by its path', () => {
  expect(Small.parse([{ name: 'a', size: 1, more: 2 }])).toEqual([{ name: 'a', size: 1 }]);
  expect(issuesOf([{ name: 'a', size: 1 }, { size: 2 }])).toEqual([
    ['1.name', 'Invalid input: expected string, received undefined'],
  ]);
});

test.each([
  ['no list', {}, 'a list'],
  ['null', null, 'a list'],
  ['none at all', [], 'expected 1 to 3, got 0'],
  ['a million wrong ones', Array.from({ length: 1e6 }, () => 0), 'expected 1 to 3, got 1000000'],
])('%s has one problem, whatever its elements are', (_, input, message) => {
  expect(issuesOf(input)).toEqual([['', message]]);
});

test('of many problems the first 50 are told, and how many there are besides', () => {
  const many = Array.from({ length: 52 }, (_, at) => at);

  expect(firstOf(many)).toEqual({ first: many.slice(0, 50), further: 2 });
  expect(firstOf([1])).toEqual({ first: [1], further: 0 });
});
