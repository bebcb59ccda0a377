/** What a test reads of an answer. */
export interface Received {
  readonly kind: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json: Record<string, unknown>;
  readonly text: string;
}

export function received(answer: {
  kind: string;
  body?: string;
  status?: number;
  headers?: Readonly<Record<string, string>>;
}): Received {
  const { body: text = '', ...rest } = answer;
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { ...rest, text, json };
}
