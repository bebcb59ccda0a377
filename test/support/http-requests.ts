import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { lambdaContext as contextOf } from './lambda-context.ts';

/** What API Gateway's REST proxy hands to a function, as far as functions look at it. */
export function proxyEvent(changes: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent {
  const event: Partial<APIGatewayProxyEvent> = {
    headers: {},
    queryStringParameters: null,
    body: null,
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1' } as APIGatewayProxyEvent['requestContext'],
    ...changes,
  };
  return event as APIGatewayProxyEvent;
}

export function jsonRequest(body: unknown, headers: Record<string, string> = {}) {
  return proxyEvent({ headers, body: JSON.stringify(body) });
}

export function lambdaContext(remainingMs = 25_000): Context {
  return contextOf(() => remainingMs);
}
