import { z } from 'zod';

/**
 * What ConvertTo-Json writes beside `value` for an array, a date or a text that carries properties
 * of PowerShell's own: arrays that a function gave back, Get-Date, lines of Get-Content (Windows
 * PowerShell 5.1; `about_Types.ps1xml` and the sources of ConvertTo-Json, read 2026-11).
 */
const COMPANIONS: ReadonlySet<string> = new Set([
  'Count',
  'DateTime',
  'DisplayHint',
  'PSChildName',
  'PSDrive',
  'PSParentPath',
  'PSPath',
  'PSProvider',
  'ReadCount',
]);

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What PowerShell wrapped; anything else unchanged. */
function unwrapped(value: unknown): unknown {
  if (!isObject(value) || !('value' in value)) return value;
  const isWrapping = Object.keys(value).every((key) => key === 'value' || COMPANIONS.has(key));
  return isWrapping ? value['value'] : value;
}

/** An array of one may come as its only element. */
export function listed(value: unknown): unknown {
  const content = unwrapped(value);
  return isObject(content) ? [content] : content;
}

/**
 * As `listed`; what found nothing is an empty list: Windows PowerShell 5.1 writes it as `{}`,
 * PowerShell 7 as null (PowerShell issue 9231, read 2026-11).
 */
export function found(value: unknown): unknown {
  const content = unwrapped(value);
  const isNothing = content === null || (isObject(content) && Object.keys(content).length === 0);
  return isNothing ? [] : listed(content);
}

/** Reads an object any of whose fields may come wrapped. */
export function withUnwrappedFields<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => {
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, unwrapped(field)]));
  }, schema);
}

export function anObject<Shape extends z.core.$ZodLooseShape>(fields: string, shape: Shape) {
  return z.object(shape, {
    error: ({ input }) => orDepth(`expected an object with ${fields}`, input),
  });
}

/** `ConvertTo-Json` writes what lies deeper than its -Depth (2 by default) as text. */
export function orDepth(expected: string, input: unknown): string {
  if (typeof input !== 'string') return expected;
  return `${expected}, got text: in PowerShell, call ConvertTo-Json with -Depth 5`;
}
