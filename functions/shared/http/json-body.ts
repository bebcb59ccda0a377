import type { z } from 'zod';
import { BadRequestError, type Problem } from './errors.ts';

/** What a body brings, or every problem that it has. */
export type Read<Content> =
  | { readonly data: Content; readonly problems?: undefined }
  | { readonly data?: undefined; readonly problems: readonly Problem[] };

/**
 * Reads a JSON body.
 *
 * @throws {@link BadRequestError} (400) names every problem by its path.
 */
export function parseJsonBody<Schema extends z.ZodType>(
  body: string,
  schema: Schema,
): z.output<Schema> {
  const { data, problems } = readJsonBody(body, schema);
  if (problems !== undefined) throw new BadRequestError(problems);
  return data;
}

/** As `parseJsonBody`, for whoever answers the problems together with something else. */
export function readJsonBody<Schema extends z.ZodType>(
  body: string,
  schema: Schema,
): Read<z.output<Schema>> {
  const json = parseJson(body);
  if (json.problems !== undefined) return json;
  const { success, data, error } = schema.safeParse(json.data);
  return success ? { data } : { problems: issuesToProblems(error.issues) };
}

function parseJson(body: string): Read<unknown> {
  try {
    return { data: JSON.parse(body) };
  } catch {
    // Not the error's text: that of a SyntaxError quotes the body.
    return { problems: [{ path: 'body', message: whyNoJson(body) }] };
  }
}

/** What API Gateway, or a sender, makes of text in UTF-16 has zeros between its letters. */
function whyNoJson(body: string): string {
  return body.includes('\0')
    ? 'expected JSON in UTF-8; the body looks like UTF-16'
    : 'expected JSON';
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
