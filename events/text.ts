import { z } from 'zod';

/**
 * What a store or a queue on a message's way never takes: U+0000 (text of PostgreSQL), half a surrogate
 * pair (its jsonb, and whatever is UTF-8), U+FFFE and U+FFFF (SendMessage of SQS); their documentation,
 * read 2026-11.
 */
const UNSTORABLE = /[\0\p{Surrogate}\u{FFFE}\u{FFFF}]/u;
const EACH_UNSTORABLE = new RegExp(UNSTORABLE, 'gu');

/** How a refusal of such text ends. */
export const WITHOUT_UNSTORABLE = 'without U+0000, U+FFFE, U+FFFF and halves of surrogate pairs';

/** Can every store and queue keep this text unchanged? */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** Text that only describes, with U+FFFD for what no store takes. Never for what identifies. */
export function cleaned(text: string): string {
  return text.replace(EACH_UNSTORABLE, '\u{FFFD}');
}

/** Text that identifies or authorizes: kept to the letter, or refused. */
export const StorableText = z.string().refine(isStorable, `expected text ${WITHOUT_UNSTORABLE}`);

/** Text that only describes. */
export const DescriptiveText = z.string().transform(cleaned);
