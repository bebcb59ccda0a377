import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { decode, readBody, type Body } from './body.ts';

/** A token answer has 1 to 2 KB; more than this is not one. */
const MAX_BODY_BYTES = 256 * 1024;

export interface FormRequest {
  readonly url: URL;
  /** The header of that name; a public client has none. */
  readonly authorization?: string;
  readonly form: Readonly<Record<string, string>>;
  /** For everything, from the connection to the last byte of the body. */
  readonly timeoutMs: number;
}

/** It came as a whole, as far as HTTP can tell. */
export interface Answered extends Body {
  readonly kind: 'answered';
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds: number | undefined;
}

export type FormAnswer =
  | Answered
  /** No connection was made: nothing was sent. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** It was sent, but no complete answer came. */
  | { readonly kind: 'unknown'; readonly reason: string };

export function toAnswered(status: number, text: string, retryAfterSeconds?: number): Answered {
  return { kind: 'answered', status, text, ...readBody(text), retryAfterSeconds };
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
  const stream: AsyncIterable<Uint8Array> = response;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop destroys the socket: the rest is never read.
    if (length > MAX_BODY_BYTES) throw new Error('The answer is too long.');
  }
  return decode(Buffer.concat(chunks));
}

/** Seconds only; a date would be an invitation to trust the provider's clock. */
function readRetryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,5}$/.test(header) ? Number(header) : undefined;
}
