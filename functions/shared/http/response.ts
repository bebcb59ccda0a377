import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Problem } from './errors.ts';

export interface HttpResponse {
  readonly status: number;
  /** An object becomes JSON; a text is sent as it is, under the `content-type` of `headers`. */
  readonly body: object | string;
  /** Beside the usual ones; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Enough for anybody to mend a sender; all of a large body could exceed what Lambda may answer. */
const MAX_PROBLEMS = 1000;

export function ok(body: object): HttpResponse {
  return { status: 200, body };
}

export function badRequest(problems: readonly Problem[]): HttpResponse {
  const omitted = problems.length - MAX_PROBLEMS;
  return {
    status: 400,
    body: {
      message: 'Bad request',
      problems: problems.slice(0, MAX_PROBLEMS),
      ...(omitted > 0 && { problemsOmitted: omitted }),
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
