import { OwnError } from './errors.ts';

/** What a log may tell of an error. */
interface ToldError {
  readonly name: string;
  readonly code?: string;
  /** Only of our own errors: those of pg, JSON, Zod, undici and the AWS SDK quote rows and bodies. */
  readonly message?: string;
  /** The frames alone; an error's `stack` begins with its message. */
  readonly stack?: string;
  /** Of an answer of AWS. */
  readonly httpStatusCode?: string;
  readonly requestId?: string;
  readonly cause?: ToldError;
  /** Of an AggregateError, the first few. */
  readonly errors?: readonly ToldError[];
}

const MAX_DEPTH = 6;
const MAX_ERRORS = 5;
/** As names and codes are written; anything else may be a text of somebody's. */
const WORD = /^[\w.:$-]{1,100}$/;
const FRAME = /^ {4}at .*(?:\d+:\d+|native|<anonymous>|index \d+)\)?$/;

/**
 * Says of an error, its causes and its parts their names, codes and frames, and a message only where we
 * wrote it. Whatever else hangs on an error, e.g. pg's whole client or the values of a row, is left
 * out. Never throws.
 */
export function toldError(error: unknown, depth = 1): ToldError {
  if (depth > MAX_DEPTH) return { name: 'and-so-on' };
  const name = wordOf(error, 'name') ?? 'Error';
  const metadata = read(error, '$metadata');
  const cause = read(error, 'cause');
  const errors = read(error, 'errors');
  return withoutGaps({
    name,
    code: wordOf(error, 'code'),
    message: error instanceof OwnError ? error.message : undefined,
    stack: framesOf(error),
    httpStatusCode: wordOf(metadata, 'httpStatusCode'),
    requestId: wordOf(metadata, 'requestId'),
    cause: isObject(cause) ? toldError(cause, depth + 1) : undefined,
    errors: Array.isArray(errors)
      ? errors.slice(0, MAX_ERRORS).map((part: unknown) => toldError(part, depth + 1))
      : undefined,
  });
}

/** The error in one line: our own message or, of somebody else's error, its name and code. */
export function toldMessage(error: Error): string {
  const { name, code, message } = toldError(error);
  return message ?? (code === undefined ? name : `${name} (${code})`);
}

/** The error's kind in one word, for a text of ours: what came over the wire may have named it. */
export function toldName(thrown: unknown): string {
  return thrown instanceof Error ? toldError(thrown).name : typeof thrown;
}

function framesOf(error: unknown): string | undefined {
  const stack = read(error, 'stack');
  if (typeof stack !== 'string') return undefined;
  const message = read(error, 'message');
  // The message may have lines that look like frames.
  const rest = typeof message === 'string' ? stack.replace(message, () => '') : stack;
  const lines = rest.split('\n').filter((line) => FRAME.test(line));
  return lines.length === 0 ? undefined : lines.join('\n');
}

function wordOf(holder: unknown, key: string): string | undefined {
  const value = read(holder, key);
  const word = typeof value === 'number' ? String(value) : value;
  return typeof word === 'string' && WORD.test(word) ? word : undefined;
}

/** A property may be a getter that throws. */
function read(holder: unknown, key: string): unknown {
  try {
    return isObject(holder) ? Reflect.get(holder, key) : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

type Gaps<Whole> = { readonly [Key in keyof Whole]: Whole[Key] | undefined };

function withoutGaps({ name = 'Error', ...others }: Gaps<Required<ToldError>>): ToldError {
  const told = Object.entries(others).filter(([, value]) => value !== undefined);
  return { name, ...Object.fromEntries(told) };
}
