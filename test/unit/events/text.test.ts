import { expect, test } from 'vitest';
import { cleaned, DescriptiveText, isStorable, StorableText } from '#events/text.ts';

const UNSTORABLE = ['a\0b', 'a\ud83d', '\ude00b', 'a\ude00\ud83db', '\ufffe', 'a\uffff'];
const STORABLE = ['', 'plain', '\t\n\r', '\u0001\u001f\u007f', 'día', '😀', '\ufffd', '\u{10ffff}'];

test.each(UNSTORABLE)(
  '%j is refused where it identifies, and cleaned where it describes',
  (text) => {
    expect(isStorable(text)).toBe(false);
    expect(StorableText.safeParse(text).success).toBe(false);
    expect(isStorable(cleaned(text))).toBe(true);
    expect(DescriptiveText.parse(text)).toContain('\u{FFFD}');
  },
);

test.each(STORABLE)('%j is kept to the letter', (text) => {
  expect(StorableText.parse(text)).toBe(text);
  expect(DescriptiveText.parse(text)).toBe(text);
});
