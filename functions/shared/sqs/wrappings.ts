/** What a message's body holds, after everything that was wrapped around it is taken off. */
export interface Unwrapped {
  readonly content: unknown;
  /** Where it lies in the body. */
  readonly path: readonly string[];
  /** The wrappings that carry fields of their own, the outermost first. */
  readonly wrappers: readonly Wrapper[];
}

/** A wrapping as it was found. */
export interface Wrapper {
  readonly kind: WrapperKind;
  readonly fields: Fields;
  readonly path: readonly string[];
}

/** In which of its fields a wrapping has what; each is a form that its service documents. */
interface WrapperKind {
  readonly content: string;
  readonly detailType?: string;
  readonly id?: string;
  readonly time?: string;
  readonly is: (fields: Fields) => boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** Nobody wraps deeper by intention, and each layer of text is read anew. */
const MOST_LAYERS = 6;

const WRAPPERS: readonly WrapperKind[] = [
  {
    // An event as EventBridge hands it to a target (user guide, read 2026-11).
    ...{ content: 'detail', detailType: 'detail-type', id: 'id', time: 'time' },
    is: (fields) => typeof fields['detail-type'] === 'string',
  },
  {
    // An entry of PutEvents, as the AWS CLI takes it (API reference, read 2026-11).
    ...{ content: 'Detail', detailType: 'DetailType', time: 'Time' },
    is: (fields) => typeof fields['DetailType'] === 'string' && 'Detail' in fields,
  },
  {
    // A notification of SNS without raw delivery (developer guide, read 2026-11).
    ...{ content: 'Message', id: 'MessageId', time: 'Timestamp' },
    is: ({ Type, Message }) => Type === 'Notification' && typeof Message === 'string',
  },
];

/**
 * Takes off what certainly is a wrapping: envelopes of EventBridge, notifications of SNS, entries for
 * PutEvents, lists of one, JSON written as text. Whatever else it finds is the content.
 */
export function unwrap(body: unknown): Unwrapped {
  let unwrapped: Unwrapped = { content: body, path: [], wrappers: [] };
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const next = withoutOneLayer(unwrapped);
    if (next === undefined) break;
    unwrapped = next;
  }
  return unwrapped;
}

function withoutOneLayer({ content, path, wrappers }: Unwrapped): Unwrapped | undefined {
  if (typeof content === 'string') {
    const written = jsonIn(content);
    const isText = typeof written === 'string';
    return isText || isNested(written) ? { content: written, path, wrappers } : undefined;
  }
  const list = onlyList(content);
  if (list?.items.length === 1) {
    return { content: list.items[0], path: [...path, ...list.at, '0'], wrappers };
  }
  if (!isFields(content)) return undefined;
  const kind = WRAPPERS.find(({ is }) => is(content));
  if (kind === undefined) return undefined;
  return {
    content: content[kind.content],
    path: [...path, kind.content],
    wrappers: [...wrappers, { kind, fields: content, path }],
  };
}

/** @returns `undefined` for text that is not JSON. A byte order mark before it says nothing. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\u{FEFF}/u, ''));
  } catch {
    return undefined;
  }
}

/** A list, or the file of entries that `aws events put-events --cli-input-json` takes. */
export function onlyList(
  content: unknown,
): { readonly items: readonly unknown[]; readonly at: readonly string[] } | undefined {
  if (Array.isArray(content)) return { items: content, at: [] };
  const entries = isFields(content) ? content['Entries'] : undefined;
  return Array.isArray(entries) ? { items: entries, at: ['Entries'] } : undefined;
}

export function isFields(value: unknown): value is Fields {
  return isNested(value) && !Array.isArray(value);
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
