import { z } from 'zod';
import type { EventDefinition } from '#events/define-event.ts';
import { descriptive } from '#events/fields.ts';
import { Instant } from '#events/instant.ts';
import { OccurrenceId } from '#events/metadata.ts';
import { firstOf } from '#events/problems.ts';
import { InvalidMessageError } from '../errors.ts';
import { mergeLosses, NO_LOSSES, lossesIn, type Losses } from './losses.ts';
import { knownName, otherEventOf, whatElse, whyNoJson } from './misdirected.ts';
import { jsonIn, unwrap, type Unwrapped, type Wrapper } from './wrappings.ts';

/** The wrapping's own fields. EventBridge and SNS always set them; what was made by hand may not. */
const Headers = z.object({ id: descriptive(OccurrenceId), time: descriptive(Instant) });

const NO_JSON = 'got text that is not JSON';

export interface Body<Detail> {
  readonly headers: {
    /** Of the innermost wrapping that has one. */
    readonly id: string | undefined;
    /** The earliest: a wrapping that was put around later makes nothing younger. */
    readonly time: Date | undefined;
  };
  readonly detail: Detail;
  /** What of the body was not taken as it stood. */
  readonly losses: Losses;
}

/**
 * Reads an event's `detail`, bare or in an EventBridge envelope or in another wrapping.
 *
 * @throws {@link InvalidMessageError} (reject) The text is not JSON, the event is another, or fields
 * are wrong: the first 50 are named by their paths in the body, no value is quoted.
 */
export function parseBody<Detail extends object>(
  text: string,
  event: EventDefinition<Detail>,
): Body<Detail> {
  const unwrapped = unwrap(parseJson(text));
  const { content, path, wrappers } = unwrapped;
  refuseForeign(unwrapped, event.detailType);
  const detail = event.schema.safeParse(content);
  if (!detail.success) throw invalid(detail.error, unwrapped, event.detailType);
  const { losses, ...headers } = headersOf(wrappers);
  const all = mergeLosses(losses, lossesIn(content, detail.data, path));
  return { headers, detail: detail.data, losses: all };
}

function parseJson(text: string): unknown {
  const body = jsonIn(text);
  if (body !== undefined) return body;
  // Without a cause: the text of a SyntaxError quotes the body.
  const why = whyNoJson(text);
  throw new InvalidMessageError(`body: expected JSON, ${NO_JSON}${why}`);
}

/** The fields of something else would all be wrong: naming them would hide the one cause. */
function refuseForeign({ content, path, wrappers }: Unwrapped, expected: string): void {
  const named = wrappers.findLast(({ kind }) => kind.detailType !== undefined);
  const { detailType: field = '' } = named?.kind ?? {};
  if (named !== undefined && named.fields[field] !== expected) {
    const at = [...named.path, field].join('.');
    const got = knownName(named.fields[field]);
    throw new InvalidMessageError(
      `${at}: expected ${expected}, got ${got}: the rule or the sender means another queue`,
    );
  }
  const found = typeof content === 'string' && path.length > 0 ? NO_JSON : whatElse(content);
  if (found === undefined) return;
  throw new InvalidMessageError(`${nameOf(path)}: expected one ${expected}, ${found}`);
}

function headersOf(wrappers: readonly Wrapper[]): Body<object>['headers'] & { losses: Losses } {
  const all = wrappers.map(({ kind, fields, path }) => {
    const { id = '', time = '' } = kind;
    const read = Headers.parse({ id: fields[id], time: fields[time] });
    const losses = lossesIn(fields, { [id]: read.id, [time]: read.time }, path);
    return { ...read, losses };
  });
  const times = all.flatMap(({ time }) => (time === undefined ? [] : [Date.parse(time)]));
  return {
    id: all.findLast(({ id }) => id !== undefined)?.id,
    time: times.length === 0 ? undefined : new Date(Math.min(...times)),
    losses: all.map(({ losses }) => losses).reduce(mergeLosses, NO_LOSSES),
  };
}

function invalid(error: z.ZodError, { content, path }: Unwrapped, expected: string) {
  const other = otherEventOf(content, expected);
  if (other !== undefined) {
    return new InvalidMessageError(
      `${nameOf(path)}: expected the detail of ${expected}, got that of ${other}`,
    );
  }
  const { first, further } = firstOf(error.issues);
  const problems = first.map(
    (issue) =>
      `${nameOf([...path, ...issue.path])}: ${issue.message.replace(/^Invalid input: /, '')}`,
  );
  if (further > 0) problems.push(`and ${further} further problems`);
  return new InvalidMessageError(problems.join('; '));
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'body' : path.map(String).join('.');
}
