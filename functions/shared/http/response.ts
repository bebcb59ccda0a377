import type { APIGatewayProxyResult } from 'aws-lambda';
import { firstOf } from '#events/problems.ts';
import type { Problem } from './errors.ts';

export interface HttpResponse {
  readonly status: number;
  /** An object becomes JSON; a text is sent as it is, under the `content-type` of `headers`. */
  readonly body: object | string;
  /** Beside the usual ones; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function ok(body: object): HttpResponse {
  return { status: 200, body };
}

/**
 * Names the first 50 problems and counts the others: enough for anybody to mend a sender.
 *
 * @param beside what the caller must know besides.
 */
export function badRequest(problems: readonly Problem[], beside: object = {}): HttpResponse {
  const { first, further } = firstOf(problems);
  return {
    status: 400,
    body: {
      message: 'Bad request',
      ...beside,
      problems: first,
      ...(further > 0 && { problemsOmitted: further }),
    },
  };
}

/** The same for every reason, so that nobody learns which accounts exist. */
export function unauthorized(): HttpResponse {
  return { status: 401, body: { message: 'Unauthorized' } };
}

/** `code` says what the caller must do first. */
export function forbidden(code: string): HttpResponse {
  return { status: 403, body: { message: 'Forbidden', code } };
}

export function tooManyRequests(): HttpResponse {
  return { status: 429, body: { message: 'Too many requests' } };
}

export function internalError(): HttpResponse {
  return { status: 500, body: { message: 'Internal server error' } };
}

export function unavailable(): HttpResponse {
  return {
    status: 503,
    body: { message: 'Service unavailable. You may send the same request again without harm.' },
  };
}

/** Answers may carry tokens, so nobody on the way may keep them. */
export function responseToResult({ status, body, headers }: HttpResponse): APIGatewayProxyResult {
  const usual = { 'cache-control': 'no-store', ...headers };
  return typeof body === 'string'
    ? { statusCode: status, headers: usual, body }
    : {
        statusCode: status,
        headers: { 'content-type': 'application/json', ...usual },
        body: JSON.stringify(body),
      };
}
