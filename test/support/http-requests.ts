import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { lambdaContext as contextOf } from './lambda-context.ts';

/**
 * What API Gateway's REST proxy hands to a function, every field of it, of a request without headers,
 * query or body: what there is none of is null ("Lambda proxy integrations in API Gateway", AWS
 * documentation, read 2026-11; its test console has null for headers too).
 */
export function proxyEvent(changes: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent {
  const { headers = null, queryStringParameters = null } = changes;
  return {
    resource: '/a-resource',
    path: '/a-resource',
    httpMethod: 'POST',
    // The types know nothing of null here; API Gateway does.
    headers: headers!,
    multiValueHeaders: eachInAList(headers)!,
    queryStringParameters,
    multiValueQueryStringParameters: eachInAList(queryStringParameters),
    pathParameters: null,
    stageVariables: null,
    requestContext: requestContext(),
    body: null,
    isBase64Encoded: false,
    ...changes,
  };
}

function eachInAList(fields: Readonly<Partial<Record<string, string>>> | null) {
  return (
    fields &&
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value ?? '']]))
  );
}

function requestContext(): APIGatewayProxyEvent['requestContext'] {
  return {
    accountId: '000000000000',
    apiId: 'an-api',
    authorizer: null,
    protocol: 'HTTP/1.1',
    httpMethod: 'POST',
    path: '/dev/a-resource',
    stage: 'dev',
    domainName: 'an-api.execute-api.us-east-1.amazonaws.com',
    domainPrefix: 'an-api',
    extendedRequestId: 'extended-1',
    requestId: 'request-1',
    requestTime: '16/Jun/2024:01:30:00 +0000',
    requestTimeEpoch: 1_718_501_400_000,
    resourceId: 'resource-1',
    resourcePath: '/a-resource',
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: '192.0.2.1',
      user: null,
      userAgent: null,
      userArn: null,
    },
  };
}

export function jsonRequest(body: unknown, headers: Record<string, string> = {}) {
  return proxyEvent({ headers, body: JSON.stringify(body) });
}

export function lambdaContext(remainingMs = 25_000): Context {
  return contextOf(() => remainingMs);
}
