import ts from 'typescript';
import { expect, test } from 'vitest';
import { randomOf } from '#test/crash/random.ts';
import { draw } from '#test/mutations/draw.ts';
import { nameOf, type Mutation } from '#test/mutations/mutation.ts';
import { replacementsOf } from '#test/mutations/replacements.ts';
import { IN_TEXT, mutated } from '#test/support/mutated-stack.ts';

const policy = { policy: JSON.stringify({ Effect: 'Allow', Action: ['a', 'b'] }) };

test('a mistake changes or removes one property, in a text of JSON as well', () => {
  const queue = { sse: true, seconds: 60, kinds: ['one', 'two'] };
  expect(mutated(queue, { path: ['sse'], was: true, becomes: false })).toEqual({
    ...queue,
    sse: false,
  });
  expect(mutated(queue, { path: ['seconds'], was: 60 })).toEqual({
    sse: true,
    kinds: ['one', 'two'],
  });
  expect(mutated(queue, { path: ['kinds', '0'], was: 'one' })).toEqual({
    ...queue,
    kinds: ['two'],
  });
  expect(mutated(policy, { path: ['policy', IN_TEXT, 'Action', '1'], was: 'b' })).toEqual({
    policy: '{"Effect":"Allow","Action":["a"]}',
  });
});

test('a mistake has no place in a stack that has something else there', () => {
  expect(mutated({ sse: false }, { path: ['sse'], was: true })).toEqual({ sse: false });
  expect(mutated({ other: 1 }, { path: ['sse', 'inner'], was: true })).toEqual({ other: 1 });
});

/** All that could stand in place of the parts of a piece of code. */
function replacementsIn(text: string): readonly string[] {
  const source = ts.createSourceFile('piece.ts', text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    found.push(...replacementsOf(node, source));
    node.forEachChild(visit);
  };
  source.forEachChild(visit);
  return found;
}

test.each([
  ['if (a < b) c();', ['!(a < b)', 'a <= b', ';']],
  ['const a = b ?? c;', ['b', 'c']],
  ['const a = b?.c;', ['b.c']],
  ['const a = () => b;', ['() => undefined']],
  ["const a = ['gone', 'A text for people'];", ['[]', "''"]],
  ['for (let i = 0; i < n; i++) { const a = true; }', ['1', 'false']],
])('%s', (text, replacements) => {
  expect(replacementsIn(text)).toEqual(replacements);
});

const mistakes = (kind: string): Mutation[] =>
  ['1', '2', '3'].map((was) => ({ kind: 'stack', change: { path: [kind], was } }));

test('a seed draws the same again, evenly of the strata, and none twice', () => {
  const strata = ['a', 'b'].map((kind) => new Map([[kind, mistakes(kind)]]));
  const drawn = draw(strata, 4, randomOf(7)).map(nameOf);
  expect(draw(strata, 4, randomOf(7)).map(nameOf)).toEqual(drawn);
  expect(drawn.filter((name) => name.startsWith('a'))).toHaveLength(2);
  expect(new Set(draw(strata, 99, randomOf(7)).map(nameOf)).size).toBe(6);
});
