import { z } from 'zod';
import type { EventDefinition } from '#events/define-event.ts';
import { InvalidMessageError } from '../errors.ts';

/** What makes a body an EventBridge envelope; anything else is a bare `detail`. */
const Envelope = z.looseObject({ 'detail-type': z.string(), detail: z.looseObject({}) });

/** The envelope's own fields. EventBridge always sets them; an envelope made by hand may not. */
const Headers = z.object({
  id: z.string().min(1).max(256).optional(),
  time: z.iso.datetime({ offset: true }).optional(),
});

export interface Body<Detail> {
  /** Empty beside a bare `detail`. */
  readonly headers: z.infer<typeof Headers>;
  readonly detail: Detail;
}

/**
 * Reads an EventBridge envelope or a bare `detail`.
 *
 * @throws {@link InvalidMessageError} (reject) The text is not JSON, the envelope is another event's,
 * or fields are wrong: every one is named by its path in the body, no value is quoted.
 */
export function parseBody<Detail extends object>(
  text: string,
  event: EventDefinition<Detail>,
): Body<Detail> {
  const body = parseJson(text);
  const envelope = Envelope.safeParse(body).data;
  if (envelope === undefined) return parseBare(body, event);
  if (envelope['detail-type'] !== event.detailType) {
    // The fields of another event would all be wrong: naming them would hide the one cause.
    throw new InvalidMessageError(`detail-type: expected ${event.detailType}`);
  }
  const headers = Headers.safeParse(body);
  const detail = event.schema.safeParse(envelope.detail);
  if (headers.success && detail.success) return { headers: headers.data, detail: detail.data };
  throw invalid([...problemsOf(headers.error), ...problemsOf(detail.error, 'detail')]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without the cause: the text of a SyntaxError quotes the body.
    throw new InvalidMessageError('body: expected JSON, got text that is not JSON');
  }
}

function parseBare<Detail extends object>(
  body: unknown,
  event: EventDefinition<Detail>,
): Body<Detail> {
  const detail = event.schema.safeParse(body);
  if (detail.success) return { headers: {}, detail: detail.data };
  throw invalid(problemsOf(detail.error));
}

function problemsOf(error: z.ZodError | undefined, ...parent: readonly string[]): string[] {
  return (error?.issues ?? []).map(({ path, message }) => {
    const field = [...parent, ...path].map(String).join('.');
    return `${field === '' ? 'body' : field}: ${message.replace(/^Invalid input: /, '')}`;
  });
}

function invalid(problems: readonly string[]): InvalidMessageError {
  return new InvalidMessageError(problems.join('; '));
}
