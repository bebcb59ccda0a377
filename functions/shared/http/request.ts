import type { APIGatewayProxyEvent } from 'aws-lambda';
import { decodeBody } from './decode-body.ts';

/** One HTTP request as a use case sees it. */
export interface HttpRequest {
  /** API Gateway keeps the caller's spelling; here the case of the name does not matter. */
  header(name: string): string | undefined;
  /** Of a parameter that came several times the last value. */
  readonly query: Readonly<Partial<Record<string, string>>>;
  /** The names of the parameters that came several times. */
  readonly repeated: readonly string[];
  /** Empty when the request has none. */
  readonly body: string;
}

/** Reads a request of API Gateway's REST proxy. */
export function eventToRequest(event: APIGatewayProxyEvent): HttpRequest {
  const headers = new Map(
    Object.entries(present(event.headers)).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const values = Object.entries(event.multiValueQueryStringParameters ?? {});
  return {
    header: (name) => headers.get(name.toLowerCase()),
    query: present(event.queryStringParameters),
    repeated: values.flatMap(([name, all = []]) => (all.length > 1 ? [name] : [])),
    body: decodeBody(event),
  };
}

/** API Gateway says null for none: a test invocation in its console also of headers. */
function present(
  fields: Readonly<Record<string, string | null | undefined>> | null,
): Readonly<Record<string, string>> {
  const entries = Object.entries(fields ?? {});
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
