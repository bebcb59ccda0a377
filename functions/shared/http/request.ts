import type { APIGatewayProxyEvent } from 'aws-lambda';

/** One HTTP request as a use case sees it. */
export interface HttpRequest {
  /** API Gateway keeps the caller's spelling; here the case of the name does not matter. */
  header(name: string): string | undefined;
  readonly query: Readonly<Partial<Record<string, string>>>;
  /** Empty when the request has none. */
  readonly body: string;
}

/**
 * Reads a request of API Gateway's REST proxy. A body that comes as base64 is decoded as UTF-8, or
 * as Latin-1 where it is not valid UTF-8: that is what Windows PowerShell sends unless it is told
 * otherwise.
 */
export function eventToRequest(event: APIGatewayProxyEvent): HttpRequest {
  const headers = new Map(
    // Spread, since a test invocation in API Gateway's console has null for none.
    Object.entries({ ...event.headers }).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    header: (name) => headers.get(name.toLowerCase()),
    query: event.queryStringParameters ?? {},
    body: decodeBody(event),
  };
}

function decodeBody({ body, isBase64Encoded }: APIGatewayProxyEvent): string {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  try {
    // Takes away a byte order mark, which JSON does not allow.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
