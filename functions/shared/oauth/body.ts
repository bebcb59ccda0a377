/** What a body is made of. */
export interface Body {
  /** The JSON that it is, or the one object that it ends with. `undefined`: there is none. */
  readonly body: unknown;
  /** Something stands before the object: what a runtime or a proxy had to say. */
  readonly isWrapped: boolean;
}

/** Braces of a notice or a page that may begin the object; each costs one look at what follows. */
const MOST_BEGINNINGS = 20;

/** An object with names, and nothing of CSS or JavaScript. */
const BEGINNING = /\{\s*"/g;

/** What the object must not be told apart from: another answer before it. */
const ANOTHER_ANSWER = /"(?:access_token|refresh_token|error)"\s*:/;

/** The object is a field's value: a part of something larger that is cut off. */
const FIELD_BEFORE = /"\s*:\s*$/;

/**
 * Reads the text of an answer: JSON, or, after a byte order mark and whatever else, one JSON object up
 * to the end. Token endpoints in the wild write notices of their own runtime before it (python-sdk
 * #1502, oauth2-rs #268, Dolibarr #37445; read 2026-11), and whoever has answered with a grant has
 * spent our token. What comes after the object makes it none.
 */
export function readBody(text: string): Body {
  // Takes away a byte order mark, too.
  const trimmed = text.trim();
  const body = parseJson(trimmed);
  if (body !== undefined) return { body, isWrapped: false };
  let looks = 0;
  for (const { index } of trimmed.matchAll(BEGINNING)) {
    const before = trimmed.slice(0, index);
    if (looks++ === MOST_BEGINNINGS || ANOTHER_ANSWER.test(before)) break;
    const object = parseJson(trimmed.slice(index));
    if (object !== undefined && !FIELD_BEFORE.test(before))
      return { body: object, isWrapped: true };
  }
  return { body: undefined, isWrapped: false };
}

/** The page of somebody in the provider's place: a whole document without anything like JSON in it. */
export function isPlainPage(text: string): boolean {
  const isDocument = /^(?:<!doctype html|<html)\b/i.test(text.trim());
  return isDocument && !/\{\s*(?:"|&quot;)|access_token/i.test(text);
}

/** Bytes to text: UTF-8, unless a byte order mark says that it is UTF-16. */
export function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
