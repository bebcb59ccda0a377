import type { z } from 'zod';

interface Finding {
  /** What was looked at, e.g. `the answer of obtain-claroshop-token`. */
  readonly what: string;
  /** What is expected there, in a few words. */
  readonly expected: string;
  /** What was found, in words that show no secret; without it only the fields that are wrong are named. */
  readonly found?: string;
}

/**
 * Reads what a step of the demonstration found.
 *
 * @throws Error it is something else: with what was found, what was expected and where they differ.
 */
export function asExpected<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { what, expected, found }: Finding,
): z.output<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const wrong = read.error.issues.map(({ path, message }) =>
    [path.map(String).join('.'), message].filter((it) => it !== '').join(': '),
  );
  const differs = found === undefined ? wrong.join('; ') : `found ${found}`;
  throw new Error(`${what}: expected ${expected}, ${differs}`);
}

/** JSON, or `undefined`: the text of a SyntaxError would quote what may be a secret. */
export function parsedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
