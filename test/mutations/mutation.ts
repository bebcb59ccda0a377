import type { StackMutation } from '#test/support/mutated-stack.ts';

/** A mistake in the text of a source file. */
export interface SourceMutation {
  /** In the project, with `/`. */
  readonly file: string;
  readonly line: number;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  readonly was: string;
  readonly becomes: string;
}

/** A mistake that the tests are to notice. */
export type Mutation =
  | { readonly kind: 'stack'; readonly change: StackMutation }
  | { readonly kind: 'source'; readonly change: SourceMutation };

/** What a mistake is called, in a table and in the list of known equals; without lines, which move. */
export function nameOf({ kind, change }: Mutation): string {
  if (kind === 'source') {
    return `${change.file}: ${short(change.was)} → ${short(change.becomes)}`;
  }
  const becomes = change.becomes === undefined ? 'removed' : short(JSON.stringify(change.becomes));
  return `${change.path.join('.')}: ${short(JSON.stringify(change.was))} → ${becomes}`;
}

const LONGEST = 70;

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line === '') return '(nothing)';
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
