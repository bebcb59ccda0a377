import { z } from 'zod';

interface Limits {
  readonly min: number;
  readonly max: number;
  /** What is expected, in words; told what came instead. */
  readonly expected: (input: unknown) => string;
}

/**
 * A list whose length is judged before its elements. Zod looks at each element before it looks at
 * `.max` (4.6, read 2026-11), so a list of a million wrong ones would cost a million issues.
 */
export function listOf<Element extends z.ZodType>(
  element: Element,
  { min, max, expected }: Limits,
) {
  const isInLimits = (input: unknown) =>
    Array.isArray(input) && input.length >= min && input.length <= max;
  return z
    .custom<z.input<Element>[]>(isInLimits, { error: ({ input }) => expected(input) })
    .pipe(z.array(element));
}
