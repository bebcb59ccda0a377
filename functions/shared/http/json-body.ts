import type { z } from 'zod';
import { BadRequestError, type Problem } from './errors.ts';

/**
 * Reads a JSON body.
 *
 * @throws {@link BadRequestError} (400) names every problem by its path.
 */
export function parseJsonBody<Schema extends z.ZodType>(
  body: string,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(parseJson(body));
  if (result.success) return result.data;
  throw new BadRequestError(issuesToProblems(result.error.issues));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Without the cause: the text of a SyntaxError quotes the body.
    throw new BadRequestError([{ path: 'body', message: 'expected JSON' }]);
  }
}

/** `root` names the whole. */
export function issuesToProblems(
  issues: readonly z.core.$ZodIssue[],
  root = 'body',
): readonly Problem[] {
  return issues.map(({ path, message }) => ({
    path: path.length === 0 ? root : pathToText(path),
    message: message.replace(/^Invalid input: /, ''),
  }));
}

function pathToText(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}
