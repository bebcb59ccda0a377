import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** A token answer has 1 to 2 KB; more than this is not one. */
const MAX_BODY_LENGTH = 256 * 1024;

export interface FormRequest {
  readonly url: URL;
  /** The header of that name; a public client has none. */
  readonly authorization?: string;
  readonly form: Readonly<Record<string, string>>;
  /** For everything, from the connection to the last byte of the body. */
  readonly timeoutMs: number;
}

export type FormAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Parsed JSON; `undefined` when the body is none. */
      readonly body: unknown;
      /** A page, e.g. a proxy's: whoever wrote it, it is no token endpoint. */
      readonly isPage: boolean;
      readonly retryAfterSeconds: number | undefined;
    }
  /** No connection was made: nothing was sent. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** It was sent, but no complete answer came. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type Answered = Extract<FormAnswer, { kind: 'answered' }>;

/** An answer that came as a whole, as far as HTTP can tell. */
export function toAnswered(status: number, text: string, retryAfterSeconds?: number): Answered {
  const isPage = text.trimStart().startsWith('<');
  return { kind: 'answered', status, body: parseJson(text), isPage, retryAfterSeconds };
}

/** Sends one form. Follows no redirect, repeats nothing, does not throw. */
export async function postForm(request: FormRequest): Promise<FormAnswer> {
  // Takes whole numbers only.
  const signal = AbortSignal.timeout(Math.floor(request.timeoutMs));
  const connection = { isOpen: false };
  try {
    const response = await send(request, signal, () => (connection.isOpen = true));
    return toAnswered(
      response.statusCode ?? 0,
      await readText(response),
      readRetryAfter(response.headers['retry-after']),
    );
  } catch {
    if (!connection.isOpen) return { kind: 'failed', reason: 'not-connected' };
    return { kind: 'unknown', reason: signal.aborted ? 'timeout' : 'connection-lost' };
  }
}

/**
 * On a connection of its own: a kept one may have died while the sandbox was frozen, and its reset
 * could not be told from one that came after the provider had issued a grant.
 */
function send(
  { url, authorization, form }: FormRequest,
  signal: AbortSignal,
  onConnect: () => void,
): Promise<IncomingMessage> {
  const body = new URLSearchParams(form).toString();
  const isTls = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
      },
    });
    request.once('socket', (socket) => socket.once(isTls ? 'secureConnect' : 'connect', onConnect));
    request.once('response', resolve);
    request.once('error', reject);
    request.end(body);
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += String(chunk);
    // Leaving the loop destroys the socket: the rest is never read.
    if (text.length > MAX_BODY_LENGTH) throw new Error('The answer is too long.');
  }
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds only; a date would be an invitation to trust the provider's clock. */
function readRetryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,5}$/.test(header) ? Number(header) : undefined;
}
